# Trixie for its glibc: the Chroma server that the npm package carries (CHROMA_URL=local) needs 2.39.
FROM node:24.21.0-trixie-slim
ENV NODE_ENV=production DATA_DIR=/data
WORKDIR /app

COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force

COPY src src
COPY commands commands
COPY personas personas

RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 8787
CMD ["node", "--max-semi-space-size=8", "src/start.js"]
