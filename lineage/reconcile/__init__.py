"""Did a system tell all that it did? Its own counts by day beside the events of the log."""
