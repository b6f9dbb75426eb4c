"""Mail: composed once as text and HTML, queued with what causes it, handed over by the background process."""
