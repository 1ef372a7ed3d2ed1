"""Why a proof was refused: `explain` for what one proof tells, `probes` for what takes several, `timestamps`."""
