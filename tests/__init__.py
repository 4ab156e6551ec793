"""The test suite; shared helpers are imported as ``tests.factories``, ``tests.shared_data`` …"""
