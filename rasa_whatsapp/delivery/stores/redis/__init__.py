"""The store for several workers and hosts: a Redis server."""
