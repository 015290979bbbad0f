"""stems: GitOps for the few machines that one person owns."""

__version__ = "0.1.0"
