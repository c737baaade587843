#!/usr/bin/env node
// A local stand-in for a language model: it answers real coding agents with what the prompt itself tells it to do.
// So a demo or a test can run a real agent without a key, without the internet, and with the same result every time.
// No dependencies, Node 18 or newer, listens on 127.0.0.1 only.
//
//   scripted-model.mjs [--port 0] [--port-file FILE] [--scenarios FILE.json] [--log FILE.ndjson]
//   prints one line when ready: {"event":"listening","port":41234}
//
// It speaks (streaming or not)
//   POST /v1/chat/completions                    OpenAI chat       (opencode and many others)
//   POST /v1/responses                           OpenAI responses  (codex)
//   POST /v1/messages                            Anthropic         (claude)
//   POST /v1beta/models/M:streamGenerateContent  Gemini            (gemini)
//
// Which answer? It keeps no state: the answer follows from the request alone, so any number of agents may share one server.
// The scenario is the first of these that is found, newest user message first, system prompt last:
//   lines with %%write, %%run and %%say   the readable form, the same that demo/agent follows (described there)
//   %%script [STEP, ...]                  JSON; what follows the array is ignored
//   %%scenario NAME                       one of --scenarios
// then the scenario named like the model, then "default". The step is the number of answers since the newest user message.
// A request without tools (a title generator) is answered "scripted title".
//
// A step is one message of the model:
//   {"write":{"path":"a.txt","content":"hi\n"}}   call the agent's own file-writing tool, whatever its name
//   {"shell":"git add -A"}                        call the agent's own shell tool
//   {"tool":"NAME","args":{}}                     call exactly this tool
//   {"text":"all done"}                           say this; ends the turn
//   {"error":500,"message":"boom","times":2}      an HTTP error, with "times" only so often
//   {"hang":true}                                 open the answer and send nothing until POST /__release
//   {"drop":true}                                 begin the answer, then cut the connection
// and in any of them: "delay":ms  "say":"text before the call"  "calls":[STEP, STEP]  "usage":{"in":1,"out":1,"cached":0}
// {"turns":[[STEP],[STEP]]} gives every user turn its own steps. After the last step comes the text "done".
//
// GET /__log all requests · POST /__scenarios {NAME:[STEP]} · POST /__reset · POST /__release
import fs from 'node:fs';
import http from 'node:http';

const option = (name, otherwise) => {
  const i = process.argv.indexOf('--' + name);
  return i < 0 ? otherwise : process.argv[i + 1];
};
const scenarios = {
  default: [{ write: { path: 'hello.txt', content: 'hello from the scripted model\n' } }, { text: 'done: wrote hello.txt' }],
  ...(option('scenarios') ? JSON.parse(fs.readFileSync(option('scenarios'), 'utf8')) : {}),
};
let requests = [];
let sequence = 0;
const errorsSent = new Map();
const hanging = new Set();

function record(entry) {
  requests.push(entry);
  if (option('log')) fs.appendFileSync(option('log'), JSON.stringify(entry) + '\n');
}

// ---------- the four protocols: read a request into {system, messages: [{role, text}], tools: [{name, schema}]} ----------

const textOf = c => c == null ? '' : typeof c === 'string' ? c
  : Array.isArray(c) ? c.map(textOf).join('\n')
  : c.text ?? c.input_text ?? (c.content ? textOf(c.content) : '');

const read = {
  chat(body) {
    const isSystem = x => x.role === 'system' || x.role === 'developer';
    return {
      system: (body.messages ?? []).filter(isSystem).map(x => textOf(x.content)).join('\n'),
      messages: (body.messages ?? []).filter(x => !isSystem(x)).map(x => ({ role: x.role, text: textOf(x.content) })),
      tools: (body.tools ?? []).map(t => ({ name: t.function?.name ?? t.name, schema: t.function?.parameters ?? {} })),
    };
  },
  anthropic(body) {
    return {
      system: textOf(body.system),
      messages: (body.messages ?? []).map(x => {
        const parts = Array.isArray(x.content) ? x.content : [{ type: 'text', text: x.content }];
        const isResult = parts.some(p => p.type === 'tool_result');
        return {
          role: x.role === 'user' && isResult ? 'tool' : x.role,
          text: parts.map(p => p.type === 'tool_result' ? textOf(p.content) : p.text ?? '').join('\n'),
        };
      }),
      tools: (body.tools ?? []).map(t => ({ name: t.name, schema: t.input_schema ?? {} })),
    };
  },
  responses(body) {
    let system = textOf(body.instructions);
    const messages = [];
    for (const x of typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : body.input ?? []) {
      if (/call_output$/.test(x.type ?? '')) messages.push({ role: 'tool', text: typeof x.output === 'string' ? x.output : JSON.stringify(x.output) });
      else if (/_call$/.test(x.type ?? '')) messages.push({ role: 'assistant', text: '' });
      else if (x.role === 'developer' || x.role === 'system') system += textOf(x.content) + '\n';
      else if (x.role) messages.push({ role: x.role, text: textOf(x.content) });
    }
    return { system, messages, tools: (body.tools ?? []).map(t => ({ name: t.name ?? t.type, schema: t.parameters ?? {} })) };
  },
  gemini(body) {
    return {
      system: textOf(body.systemInstruction?.parts),
      messages: (body.contents ?? []).map(x => {
        const parts = x.parts ?? [];
        const isResult = parts.some(p => p.functionResponse);
        return {
          role: x.role === 'model' ? 'assistant' : isResult ? 'tool' : 'user',
          text: parts.map(p => p.text ?? (p.functionResponse ? JSON.stringify(p.functionResponse.response) : '')).join('\n'),
        };
      }),
      tools: (body.tools ?? []).flatMap(t => t.functionDeclarations ?? [])
        .map(t => ({ name: t.name, schema: t.parameters ?? t.parametersJsonSchema ?? {} })),
    };
  },
};

// ---------- choose the step ----------

// The readable form. Keep it the same as demo/agent.
function readLines(text) {
  const steps = [];
  let file = null;
  for (const line of text.split('\n')) {
    const [, word, rest] = line.match(/^%%(write|run|say) (.*)$/) ?? [];
    if (word === 'write') steps.push({ write: file = { path: rest, content: '' } });
    else if (file && /^\|( |$)/.test(line)) file.content += line.slice(2) + '\n';
    else file = null;
    if (word === 'run') steps.push({ shell: rest });
    if (word === 'say') { steps.push({ text: rest }); break; }
  }
  return steps.length ? steps : null;
}

function readJson(text) {
  const start = text.lastIndexOf('%%script [');
  if (start < 0) return null;
  const from = text.indexOf('[', start);
  let depth = 0, inString = false;
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (inString) {
      if (c === '\\') i++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if ('[{'.includes(c)) depth++;
    else if (']}'.includes(c) && --depth === 0) {
      try { return JSON.parse(text.slice(from, i + 1)); } catch { return null; }
    }
  }
  return null;
}

// `opencode run "two words"` puts backslashes before the quotes of its arguments, hence the second try.
const readScript = text => readLines(text) ?? readJson(text) ?? readJson(text.replaceAll('\\"', '"'));

// Some agents send a message of their own before the user's. It is not a turn.
const preamble = /^\s*(<environment_context>|<user_instructions>|<permissions instructions>|# AGENTS\.md instructions|This is the Gemini CLI|This is the Qwen Code|<session_context>)/;

function choose(kind, body, model) {
  const { system, messages, tools } = read[kind](body);
  const found = { system, messages, tools, name: '(no tools)', turn: 0, index: 0, step: { text: 'scripted title' } };
  if (!tools.length) return found;
  messages.forEach((x, k) => {
    if (x.role === 'user' && messages[k + 1]?.role === 'user' && preamble.test(x.text)) x.role = 'context';
  });
  const users = messages.filter(x => x.role === 'user');

  let name = scenarios[model] ? model : 'default', steps = null;
  for (const { text } of [...users].reverse().concat({ text: system })) {
    steps = readScript(text);
    if (steps) { name = '(in the prompt)'; break; }
    const named = [...text.matchAll(/%%scenario[ :]+([\w.-]+)/g)].pop();
    if (named) { name = named[1]; break; }
  }
  steps ??= scenarios[name] ?? [{ text: `no scenario ${name}` }];
  const turn = Math.max(0, users.length - 1);
  if (steps.turns) steps = steps.turns[Math.min(turn, steps.turns.length - 1)];

  // Count runs of assistant messages: codex sends one item for every tool call of a message.
  const roles = messages.map(x => x.role), since = roles.slice(roles.lastIndexOf('user') + 1);
  const index = since.filter((role, k) => role === 'assistant' && since[k - 1] !== 'assistant').length;

  let step = steps[index] ?? { text: 'done' };
  if (step.error && step.times != null) {
    const key = `${name}#${turn}#${index}`, sent = (errorsSent.get(key) ?? 0) + 1;
    errorsSent.set(key, sent);
    if (sent > step.times) step = step.then ?? steps[index + 1] ?? { text: 'done' };
  }
  return { ...found, name, turn, index, step };
}

// ---------- a step as a call of one of the agent's own tools ----------

const shellTools = ['bash', 'Bash', 'exec_command', 'shell_command', 'shell', 'run_shell_command', 'local_shell', 'execute_command'];
const writeTools = ['write', 'Write', 'write_file', 'create_file', 'create', 'write_to_file'];
const firstOf = (tools, names) => names.map(name => tools.find(t => t.name === name)).find(Boolean);
const parameter = (tool, names) => names.find(name => tool.schema?.properties?.[name]) ?? names[0];

function toCall(step, tools) {
  if (step.tool) return { name: step.tool, args: step.args ?? {} };
  if (step.write) {
    const { path, content } = step.write, tool = firstOf(tools, writeTools);
    if (tool) {
      return { name: tool.name, args: {
        [parameter(tool, ['filePath', 'file_path', 'path', 'absolute_path'])]: path,
        [parameter(tool, ['content', 'file_text', 'text'])]: content,
      } };
    }
    step = { shell: `mkdir -p "$(dirname '${path}')" && cat > '${path}' <<'END_OF_FILE'\n${content.replace(/\n$/, '')}\nEND_OF_FILE` };
  }
  const tool = step.shell != null && firstOf(tools, shellTools);
  if (!tool) return null;
  const name = parameter(tool, ['command', 'cmd', 'script']), properties = tool.schema?.properties ?? {};
  const args = { [name]: properties[name]?.type === 'array' ? ['bash', '-lc', step.shell] : step.shell };
  for (const other of tool.schema?.required ?? []) {
    args[other] ??= { boolean: false, number: 60000 }[properties[other]?.type] ?? `scripted ${other}`;
  }
  return { name: tool.name, args };
}

// ---------- the four protocols: write an answer {id, n, model, text, calls, usage} ----------
// whole() is the one JSON document; stream() sends it in pieces.

const words = text => text.match(/\S+\s*|\s+/g) ?? [];

const write = {
  chat: {
    parts(a) {
      return {
        calls: a.calls.map((x, index) => ({ index, id: `call_${a.n}_${index}`, type: 'function', function: { name: x.name, arguments: JSON.stringify(x.args) } })),
        finish: a.calls.length ? 'tool_calls' : 'stop',
        usage: { prompt_tokens: a.usage.in, completion_tokens: a.usage.out, total_tokens: a.usage.in + a.usage.out, prompt_tokens_details: { cached_tokens: a.usage.cached } },
      };
    },
    whole(a) {
      const { calls, finish, usage } = this.parts(a);
      const message = { role: 'assistant', content: a.text || null, ...(calls.length ? { tool_calls: calls } : {}) };
      return { id: a.id, object: 'chat.completion', created: 1, model: a.model, choices: [{ index: 0, message, finish_reason: finish }], usage };
    },
    stream(a, send) {
      const { calls, finish, usage } = this.parts(a);
      const chunk = more => send(null, { id: a.id, object: 'chat.completion.chunk', created: 1, model: a.model, ...more });
      const delta = (d, reason = null) => chunk({ choices: [{ index: 0, delta: d, finish_reason: reason }] });
      delta({ role: 'assistant', content: '' });
      for (const content of words(a.text)) delta({ content });
      for (const call of calls) delta({ tool_calls: [call] });
      delta({}, finish);
      chunk({ choices: [], usage });
      send(null, '[DONE]');
    },
  },
  anthropic: {
    parts(a) {
      return {
        blocks: [...(a.text ? [{ type: 'text', text: a.text }] : []),
          ...a.calls.map((x, k) => ({ type: 'tool_use', id: `toolu_${a.n}_${k}`, name: x.name, input: x.args }))],
        reason: a.calls.length ? 'tool_use' : 'end_turn',
        usage: { input_tokens: a.usage.in, output_tokens: a.usage.out, cache_read_input_tokens: a.usage.cached, cache_creation_input_tokens: 0 },
      };
    },
    whole(a) {
      const { blocks, reason, usage } = this.parts(a);
      return { id: `msg_${a.n}`, type: 'message', role: 'assistant', model: a.model, content: blocks, stop_reason: reason, stop_sequence: null, usage };
    },
    stream(a, send) {
      const { blocks, reason, usage } = this.parts(a), event = (type, more = {}) => send(type, { type, ...more });
      event('message_start', { message: { ...this.whole(a), content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } } });
      blocks.forEach((block, index) => {
        const delta = d => event('content_block_delta', { index, delta: d });
        event('content_block_start', { index, content_block: block.type === 'text' ? { type: 'text', text: '' } : { ...block, input: {} } });
        if (block.type === 'text') for (const text of words(block.text)) delta({ type: 'text_delta', text });
        else delta({ type: 'input_json_delta', partial_json: JSON.stringify(block.input) });
        event('content_block_stop', { index });
      });
      event('message_delta', { delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: a.usage.out } });
      event('message_stop');
    },
  },
  responses: {
    whole(a) {
      const output = [
        ...(a.text ? [{ type: 'message', id: `msg_${a.n}`, role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: a.text, annotations: [] }] }] : []),
        ...a.calls.map((x, k) => ({ type: 'function_call', id: `fc_${a.n}_${k}`, call_id: `call_${a.n}_${k}`, name: x.name, arguments: JSON.stringify(x.args), status: 'completed' })),
      ];
      const usage = {
        input_tokens: a.usage.in, input_tokens_details: { cached_tokens: a.usage.cached },
        output_tokens: a.usage.out, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: a.usage.in + a.usage.out,
      };
      return { id: `resp_${a.n}`, object: 'response', created_at: 1, model: a.model, status: 'completed', output, usage };
    },
    stream(a, send) {
      const response = this.whole(a);
      let sequence_number = 0;
      const event = (type, more) => send(type, { type, sequence_number: sequence_number++, ...more });
      event('response.created', { response: { ...response, status: 'in_progress', output: [], usage: null } });
      response.output.forEach((item, output_index) => {
        const started = { ...item, status: 'in_progress' }, isText = item.type === 'message';
        event('response.output_item.added', { output_index, item: isText ? { ...started, content: [] } : { ...started, arguments: '' } });
        const at = { output_index, item_id: item.id, ...(isText ? { content_index: 0 } : {}) };
        if (isText) {
          for (const delta of words(a.text)) event('response.output_text.delta', { ...at, delta });
          event('response.output_text.done', { ...at, text: a.text });
        } else {
          event('response.function_call_arguments.delta', { ...at, delta: item.arguments });
          event('response.function_call_arguments.done', { ...at, arguments: item.arguments });
        }
        event('response.output_item.done', { output_index, item });
      });
      event('response.completed', { response });
    },
  },
  gemini: {
    whole(a) {
      const parts = [...(a.text ? [{ text: a.text }] : []), ...a.calls.map(x => ({ functionCall: { name: x.name, args: x.args } }))];
      return {
        candidates: [{ index: 0, content: { role: 'model', parts }, finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: a.usage.in, candidatesTokenCount: a.usage.out, totalTokenCount: a.usage.in + a.usage.out, cachedContentTokenCount: a.usage.cached },
        modelVersion: a.model, responseId: a.id,
      };
    },
    stream(a, send) { send(null, this.whole(a)); },
  },
};

function errorBody(kind, step) {
  const message = step.message ?? 'scripted error';
  if (kind === 'anthropic') {
    const types = { 400: 'invalid_request_error', 401: 'authentication_error', 403: 'permission_error', 404: 'not_found_error', 429: 'rate_limit_error', 529: 'overloaded_error' };
    return { type: 'error', error: { type: step.type ?? types[step.error] ?? 'api_error', message } };
  }
  const type = step.error >= 500 ? 'server_error' : step.error === 429 ? 'rate_limit_exceeded' : 'invalid_request_error';
  return { error: { message, type: step.type ?? type, code: step.code ?? null, status: step.status } };
}

// ---------- the server ----------

const sleep = ms => new Promise(done => setTimeout(done, ms));
const json = (response, document, code = 200, headers = {}) => {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(document));
};

async function answer(kind, request, response, body, model, streaming) {
  const n = ++sequence, chosen = choose(kind, body, model), { step, tools } = chosen;
  record({
    n, time: new Date().toISOString(), kind, model, streaming, scenario: chosen.name, turn: chosen.turn, step: chosen.index, answer: step,
    messages: chosen.messages, system: chosen.system, tools: tools.map(t => t.name), agent: request.headers['user-agent'],
    key: ['authorization', 'x-api-key', 'x-goog-api-key'].some(h => request.headers[h]),
  });
  if (step.delay) await sleep(step.delay);
  if (step.error) return json(response, errorBody(kind, step), step.error, step.headers);

  const calls = (step.calls ?? [step]).map(x => toCall(x, tools)).filter(Boolean);
  const text = step.text ?? step.say ?? (calls.length ? '' : `scripted: no matching tool among ${tools.map(t => t.name)}`);
  const reply = { id: `scripted_${n}`, n, model, text, calls, usage: { in: 1000, out: 50, cached: 0, ...step.usage } };
  const send = (event, data) => response.write(
    (event ? `event: ${event}\n` : '') + `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);

  if (streaming) response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', connection: 'keep-alive' });
  if (step.hang) {
    if (streaming) response.flushHeaders();
    await new Promise(go => { hanging.add(go); response.on('close', go); });
    if (response.destroyed) return;
  }
  if (step.drop) {
    if (streaming) response.write(': cut\n\n');
    await sleep(50);
    return response.destroy();
  }
  if (!streaming) return json(response, write[kind].whole(reply));
  write[kind].stream(reply, send);
  response.end();
}

async function handle(request, response, raw) {
  const path = new URL(request.url, 'http://localhost').pathname, post = request.method === 'POST';
  let body = {};
  try { body = raw ? JSON.parse(raw) : {}; } catch { /* recorded below as an unknown request */ }

  if (path === '/__log') return json(response, requests);
  if (path === '/__reset') { requests = []; errorsSent.clear(); return json(response, { ok: true }); }
  if (path === '/__release') { const released = hanging.size; hanging.forEach(go => go()); hanging.clear(); return json(response, { released }); }
  if (path === '/__scenarios') return json(response, Object.keys(Object.assign(scenarios, body)));

  const gemini = path.match(/\/models\/([^:]+):(\w+)$/);
  if (post && path.endsWith('/chat/completions')) return answer('chat', request, response, body, body.model, !!body.stream);
  if (post && path.endsWith('/responses')) return answer('responses', request, response, body, body.model, !!body.stream);
  if (post && path.endsWith('/messages/count_tokens')) return json(response, { input_tokens: 1000 });
  if (post && path.endsWith('/messages')) return answer('anthropic', request, response, body, body.model, !!body.stream);
  if (post && gemini?.[2] === 'countTokens') return json(response, { totalTokens: 1000 });
  if (post && gemini) return answer('gemini', request, response, body, gemini[1], gemini[2] === 'streamGenerateContent');
  if (path.endsWith('/models')) return json(response, { object: 'list', data: [{ id: 'scripted', object: 'model', created: 1, owned_by: 'local' }], models: [] });

  record({ n: ++sequence, time: new Date().toISOString(), kind: 'unknown', method: request.method, path: request.url, body: raw.slice(0, 300) });
  return json(response, { error: { message: `not scripted: ${request.method} ${path}` } }, 404);
}

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => handle(request, response, Buffer.concat(chunks).toString()).catch(error => {
    console.error(error);
    if (response.headersSent) response.destroy(); else json(response, { error: { message: String(error) } }, 500);
  }));
});
server.listen(Number(option('port', 0)), '127.0.0.1', () => {
  const { port } = server.address();
  if (option('port-file')) fs.writeFileSync(option('port-file'), String(port));
  console.log(JSON.stringify({ event: 'listening', port }));
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => process.exit(0));
