// The visit counter: each pod counts its own visits and keeps the count in /app/data/state.json, on a volume of its own.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const port = Number(process.env.PORT || 8080);
const pod = process.env.POD_NAME || require('node:os').hostname();
const file = path.join(process.env.DATA_DIR || '/app/data', 'state.json');

let state = loadState();

function loadState() {
  try {
    const read = JSON.parse(fs.readFileSync(file, 'utf8'));
    console.log(`State dimuat dari file: ${read.visits} kunjungan.`);
    return { visits: Number(read.visits) || 0 };
  } catch (error) {
    if (error.code !== 'ENOENT') console.log(`File state tidak terbaca (${error.message}).`);
    else console.log('File state tidak ditemukan. Memulai dari awal.');
    return { visits: 0 };
  }
}

// Written beside, flushed, then renamed over the old file: a crash leaves the old count or the new one, never half of one.
function saveState() {
  const next = `${file}.next`;
  const handle = fs.openSync(next, 'w');
  try {
    fs.writeSync(handle, JSON.stringify(state));
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
  fs.renameSync(next, file);
  const folder = fs.openSync(path.dirname(file), 'r');
  try { fs.fsyncSync(folder); } finally { fs.closeSync(folder); }
}

const page = () => `<!doctype html>
<html lang="id">
<head><meta charset="utf-8"><title>${pod}</title></head>
<body style="font-family: sans-serif; max-width: 40rem; margin: 4rem auto; text-align: center">
<h1>${pod}</h1>
<p>Jumlah kunjungan: <b>${state.visits}</b></p>
</body>
</html>
`;

const server = http.createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://pod');
  if (pathname === '/healthz') return response.end('ok\n');
  if (pathname !== '/') { response.statusCode = 404; return response.end('not found\n'); }
  const before = state;
  state = { visits: before.visits + 1 };
  try {
    saveState();
  } catch (error) {
    state = before;
    response.statusCode = 503;
    console.log(`State tidak dapat ditulis: ${error.message}`);
    return response.end('cannot write the count\n');
  }
  if ((request.headers.accept || '').includes('application/json')) {
    response.setHeader('content-type', 'application/json');
    return response.end(`${JSON.stringify({ pod, visits: state.visits })}\n`);
  }
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(page());
});

server.listen(port, () => console.log(`Server untuk Pod ${pod} berjalan di port ${port}`));

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), 2000).unref();
  });
}
