"""Why a proof was refused."""
