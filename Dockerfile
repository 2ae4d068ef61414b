# The server in a container: built with all tools, run with none of them.

FROM node:24-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json ./
# This image has python3, make and g++, with which the SQLite driver is compiled where there is no build of it to download.
RUN npm ci
COPY tsconfig.json ./
COPY build build
COPY src src
# The build serves a database of its own once, to keep the compiled code of a start.
COPY drizzle/sqlite drizzle/sqlite
RUN npm run build
RUN npm prune --omit=dev

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production
ENV HOST=0.0.0.0
ENV DATABASE=/data/orders.db
COPY --from=build /app/package.json package.json
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# What the server reads when it runs: the migrations, and the operations that GraphiQL shows.
COPY drizzle/sqlite drizzle/sqlite
COPY examples/operations examples/operations
# A new volume takes on the owner of the folder that it covers: the user "node" of the image, who is no administrator.
RUN mkdir /data && chown 1000:1000 /data
VOLUME /data
USER 1000:1000
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 4000) + '/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Without a shell between, so that the signal to end reaches the server.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "dist/main.js"]
CMD ["serve"]
