# One image for every role. Alone it is the one-machine form: its event store, its Postgres and all roles in one
# container (docker run --init -v daybook:/data …). With EVENTSTORE_URL and DATABASE_URL it is one process of many;
# see docker-compose.yml.
FROM node:20-bookworm-slim AS build
WORKDIR /daybook
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund
COPY .swcrc ./
COPY bin ./bin
COPY apps ./apps
COPY libs ./libs
RUN node bin/build.cjs

FROM node:20-bookworm-slim
# Owned by root and read by node: a process that is taken over cannot change its own program.
WORKDIR /daybook
COPY --from=build /daybook/package.json ./
COPY --from=build /daybook/node_modules ./node_modules
COPY --from=build /daybook/bin/daybook.cjs ./bin/daybook.cjs
COPY --from=build /daybook/dist ./dist
RUN install --directory --owner=node --group=node --mode=0700 /data
# Off loopback and in production tokens come from an OpenID Connect issuer: AUTH_ISSUER and AUTH_AUDIENCE are needed.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DAYBOOK_DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# 25 s are enough to finish what was begun: give it a stop timeout of 30 s.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "bin/daybook.cjs"]
CMD ["start"]
