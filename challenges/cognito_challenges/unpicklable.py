"""What may hold secrets cannot be pickled or copied: pickles end up in caches, queues and logs."""

from cognito_srp.unpicklable import Unpicklable as Unpicklable
