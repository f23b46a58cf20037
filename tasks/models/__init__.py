"""Promises, what happened to them, the steps toward keeping them, a store's own numbers, and what figures are made of."""

from tasks.models.days import Happening, PromiseDay, StaleDay
from tasks.models.promises import Notice, Promise, StoreOverride, Task, Transition

__all__ = ["Happening", "Notice", "Promise", "PromiseDay", "StaleDay", "StoreOverride", "Task", "Transition"]
