"""What a team would put together otherwise: Celery and BullMQ on Redis, set up by the bench itself."""
