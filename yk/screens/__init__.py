"""The screens of the terminal UI: one module and one .tcss each, over the desk and the services beside it."""
