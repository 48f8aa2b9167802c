# The image of the services in docker-compose.yml: the packages of requirements.lock by their hashes, then this one.
FROM python:3.11-slim
WORKDIR /opt/lineage
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY lineage lineage
COPY schemas schemas
COPY consumers consumers
COPY examples examples
RUN pip install --no-cache-dir --no-deps --no-build-isolation . && useradd --system lineage && install -d -o lineage /var/lib/lineage
USER lineage
CMD ["lineage", "--help"]
