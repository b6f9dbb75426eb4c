"""Never locked in: the whole site as documented files, as a backup, as a WordPress export, as files for any server."""
