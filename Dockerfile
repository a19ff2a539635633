# Builds the image of the server and of its command line: production files only, without a shell, for an unprivileged user.
# The tests follow its COPY and RUN lines without a container engine (test/k8s/image.test.ts).

# Name both by digest where you build releases: --build-arg BASE=gcr.io/distroless/cc-debian12@sha256:…
# The first is used to install and build only. The second has glibc, libstdc++, certificates and the user 65532, and no version tags.
ARG BUILDER=node:24.21.0-bookworm-slim
ARG BASE=gcr.io/distroless/cc-debian12:nonroot

FROM ${BUILDER} AS build
WORKDIR /app
# Packages change less often than sources: this layer stays in the cache.
COPY package.json package-lock.json .npmrc ./
COPY tools/node-runtime tools/node-runtime
COPY tools/link-node.cjs tools/
RUN npm ci --omit=dev --loglevel=error
COPY . .
# Afterwards the compiler and the headers of Node are of no use, only 80 MB more to download and to attack.
RUN npm run build && \
    rm -r node_modules/esbuild node_modules/@esbuild node_modules/.bin/esbuild node_modules/node-linux-*/include

FROM ${BASE}
WORKDIR /app
# The Node of package-lock.json, with which all tests ran, is among the packages. All files belong to root: the server cannot write them.
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/web/built ./web/built
COPY . .
ENV NODE_ENV=production \
    PATH=/app/node_modules/.bin:/usr/bin:/bin \
    NODE_OPTIONS=--disable-warning=ExperimentalWarning
USER 65532:65532
EXPOSE 3000 9000
ENTRYPOINT ["node"]
# A young generation of 4 MB is enough, and V8 would keep the 16 MB that it takes while it loads (ADR 0046).
CMD ["--max-semi-space-size=4", "server/main.ts"]
