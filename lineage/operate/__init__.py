"""What does it take to run this for years? To see how it stands, to copy it, to bring it back.

`examine` asks whether everything is as it has to be; `watch` lets others see a consumer while it runs;
`backup` and `snapshot` copy what must not be lost, and what analysts read.
"""
