// A provider as a user may write one: it serves requests over NATS without any package, with the protocol itself.
// Usage: node provider.mjs HOST PORT SUBJECT. It prints "ready" whenever it has subscribed.
//
// A request is a JSON object that says how to answer it: {"late_ms": 500}, {"silent": true},
// {"error": {"code": 503, "text": "no model"}}. {"usual": {...}} says so for later requests to the same subject.
import net from 'node:net';

const [host, port, subscription] = process.argv.slice(2);
const usual = new Map();
const served = new Map();

function connect() {
  const socket = net.connect(Number(port), host);
  let received = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('data', (bytes) => {
    received = readFrames(socket, Buffer.concat([received, bytes]));
  });
  socket.on('error', () => {}); // "close" follows
  socket.on('close', () => setTimeout(connect, 50));
}

// Handles each whole frame, and returns the bytes of the one that has not arrived yet.
function readFrames(socket, bytes) {
  for (;;) {
    const end = bytes.indexOf('\r\n');
    if (end < 0) {
      return bytes;
    }
    const [verb, ...words] = bytes.toString('latin1', 0, end).split(/[ \t]+/);
    const payload = ['MSG', 'HMSG'].includes(verb) ? Number(words.at(-1)) : -1;
    const rest = payload < 0 ? end + 2 : end + 2 + payload + 2;
    if (bytes.length < rest) {
      return bytes;
    }
    handle(socket, verb, words, bytes.subarray(end + 2, end + 2 + payload));
    bytes = bytes.subarray(rest);
  }
}

function handle(socket, verb, words, payload) {
  if (verb === 'INFO' && !socket.greeted) {
    socket.greeted = true;
    const terms = {verbose: false, pedantic: false, headers: true, lang: 'node', version: '1', protocol: 1};
    socket.write(`CONNECT ${JSON.stringify(terms)}\r\nSUB ${subscription} 1\r\nPING\r\n`);
  } else if (verb === 'PING') {
    socket.write('PONG\r\n');
  } else if (verb === 'PONG') {
    console.log('ready');
  } else if (verb === 'MSG' && words.length === 4) {
    serve(socket, words[0], words[2], {}, payload);
  } else if (verb === 'HMSG' && words.length === 5) {
    const length = Number(words[3]);
    serve(socket, words[0], words[2], readHeaders(payload.subarray(0, length)), payload.subarray(length));
  }
}

function readHeaders(bytes) {
  const headers = {};
  for (const line of bytes.toString('latin1').split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    if (colon > 0) {
      headers[line.slice(0, colon)] = line.slice(colon + 1).trim();
    }
  }
  return headers;
}

function serve(socket, subject, replyTo, headers, body) {
  const request = JSON.parse(body.toString('utf8') || '{}');
  if (request.usual) {
    usual.set(subject, request.usual);
    reply(socket, replyTo, {}, {usual: request.usual});
    return;
  }
  const count = (served.get(subject) ?? 0) + 1;
  served.set(subject, count);
  const how = {...usual.get(subject), ...request};
  if (how.silent) {
    return;
  }
  const answer = {text: `you said ${request.prompt}`, served: count, headers, usage: {cost: 0.25, tokens: 12}};
  const error = how.error && {'Nats-Service-Error-Code': how.error.code, 'Nats-Service-Error': how.error.text};
  setTimeout(() => reply(socket, replyTo, error ?? {Model: 'small'}, error ? {} : answer), how.late_ms ?? 0);
}

function reply(socket, to, headers, json) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`NATS/1.0\r\n${lines.join('')}\r\n`, 'latin1');
  const body = Buffer.from(JSON.stringify(json), 'utf8');
  socket.write(`HPUB ${to} ${head.length} ${head.length + body.length}\r\n`);
  socket.write(Buffer.concat([head, body, Buffer.from('\r\n')]));
}

connect();
