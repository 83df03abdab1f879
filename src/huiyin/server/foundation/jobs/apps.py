"""The app of jobs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs, schedules and the threads that do them. Threads are started by the server's lifespan, never by `ready`."""

    name = "huiyin.server.foundation.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "任务"

    def ready(self) -> None:
        """Find the job functions of every app: the module `jobs` in each."""
        from django.utils.module_loading import autodiscover_modules

        from huiyin.server.foundation.jobs.live_topics import register

        autodiscover_modules("jobs")
        register()
