from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "callout.orders"
    label = "orders"

    def ready(self) -> None:
        from callout.orders import constraints, hooks

        constraints.register()
        hooks.register()
