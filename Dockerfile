# The desk without development tools, demo and tests. docs/deploying.md says how to run it.

FROM python:3.11-slim-bookworm AS build
RUN python -m pip install --no-cache-dir --root-user-action=ignore uv==0.13.9
WORKDIR /app
ENV UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
COPY pyproject.toml uv.lock ./
# Anybody may write the lock that uv leaves.
RUN uv sync --locked --no-dev --extra metrics --no-cache --compile-bytecode && rm -f .venv/.lock
COPY bot bot
COPY db db
COPY handlers handlers
COPY keyboards keyboards
RUN python -m compileall -q bot db handlers keyboards

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home desk \
    && install --directory --owner=desk --mode=700 /data
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
ENV DATA_DIR=/data HTTP_HOST=0.0.0.0 HTTP_PORT=8080
USER 10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=2m CMD ["python", "-m", "bot", "health"]
# The first process of a container loses a signal that comes before it handles signals. A blocked
# signal waits for that.
ENTRYPOINT ["env", "--block-signal=TERM", "--block-signal=INT", "python", "-m", "bot"]
CMD ["run"]
