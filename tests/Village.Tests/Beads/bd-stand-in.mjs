// Stands in for `bd` where the real one cannot be had: keeps issues in a file of its own and answers as the version that BD_STAND_IN
// names was seen to answer (the recordings in transcripts/, which StandInTests compares it with). Run under a lock by the script `bd`
// beside it. Writes each call to BD_CALLS.
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const version = process.env.BD_STAND_IN ?? "1.0.3";
const classic = version.startsWith("0.");
const head = version === "head";
const args = process.argv.slice(2);
if (process.env.BD_CALLS) {
  const seen = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(BD_|BEADS_|NO_COLOR)/.test(name) && name !== "BD_CALLS"));
  appendFileSync(process.env.BD_CALLS, JSON.stringify({ args, env: seen, cwd: process.cwd() }) + "\n");
}

const print = value => console.log(JSON.stringify(value, null, 2));
const one = value => print(classic ? value : { ...value, schema_version: 1 });
const text = (message, code = 1) => { console.error(message); process.exit(code); };
const refuse = message => { print(classic ? { error: message } : { error: message, schema_version: 1 }); process.exit(1); };

// Flags as cobra takes them: --name=value, --name value, -n value; `--` ends them.
const valued = ["actor", "title", "description", "design", "acceptance", "notes", "priority", "type", "assignee", "labels", "label", "parent", "due",
  "defer", "id", "status", "add-label", "remove-label", "set-metadata", "unset-metadata", "metadata", "reason", "limit", "output", "append-notes"];
const bare = ["json", "claim", "force", "all", "no-daemon"];
const short = { p: "priority", t: "type", a: "assignee", l: "labels", d: "description", r: "reason", n: "limit", o: "output", s: "status", i: "input" };
const flags = {}, words = [];
for (let i = 0; i < args.length; i++) {
  const arg = args[i];
  if (arg === "--") { words.push(...args.slice(i + 1)); break; }
  if (!arg.startsWith("-") || arg === "-") { words.push(arg); continue; }
  let [name, value] = arg.startsWith("--") ? [arg.slice(2).split("=")[0], arg.includes("=") ? arg.slice(arg.indexOf("=") + 1) : undefined] : [short[arg[1]], arg.slice(2) || undefined];
  const isUnknown = !name || (!valued.includes(name) && !bare.includes(name) && name !== "input")
    || (name === "no-daemon" && !classic) || (name === "set-metadata" && classic) || (name === "unset-metadata" && classic);
  if (isUnknown) text(`Error: unknown flag: ${arg}\nUsage:\n  bd ${words[0] ?? ""} [flags]`);
  if (bare.includes(name)) { flags[name] = true; continue; }
  if (value === undefined) value = args[++i];
  (flags[name] ??= []).push(value);
}
const flag = name => flags[name]?.at(-1);
const command = words.shift();

if (command === "version") {
  if (flags.json) print({ branch: "main", build: "dev", version: head ? "1.0.3" : version }); else console.log(`bd version ${version} (dev)`);
  process.exit(0);
}

function workspace() {
  if (process.env.BEADS_DIR) return process.env.BEADS_DIR;
  for (let at = process.cwd(); ; at = dirname(at)) {
    if (existsSync(join(at, ".beads", "metadata.json"))) return join(at, ".beads");
    if (at === dirname(at)) return null;
  }
}
const place = workspace();
if (!place || !existsSync(join(place, "metadata.json"))) text("Error: no beads database found\nHint: run 'bd init' to create a database in the current directory");
const file = join(place, "stand-in.json");
const store = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { issues: {}, children: {} };
const save = () => { writeFileSync(file + ".new", JSON.stringify(store)); renameSync(file + ".new", file); };
const actor = flag("actor") ?? process.env.BD_ACTOR ?? "somebody";
const now = () => new Date().toISOString().replace(/\.\d+Z$/, "Z");
const find = id => store.issues[id];

const order = ["id", "title", "description", "design", "acceptance_criteria", "notes", "status", "priority", "issue_type", "assignee", "owner", "created_at",
  "created_by", "updated_at", "started_at", "closed_at", "close_reason", "due_at", "defer_until", "external_ref", "metadata", "labels", "dependencies", "comments"];
const shaped = issue => {
  const known = order.filter(name => issue[name] !== undefined && issue[name] !== "" && !(Array.isArray(issue[name]) && issue[name].length === 0));
  const rest = Object.keys(issue).filter(name => !order.includes(name));
  return Object.fromEntries([...known, ...rest].map(name => [name, issue[name]]));
};
const plain = issue => { const { dependencies, comments, ...rest } = shaped(issue); return rest; };
const types = ["bug", "feature", "task", "epic", "chore", ...(classic ? [] : ["decision", "message", "molecule", "gate", "spike", "story", "milestone"])];
const statuses = ["open", "in_progress", "blocked", "deferred", "closed", "pinned", "hooked"];
const priority = value => /^P?[0-4]$/.test(value) ? Number(value.replace("P", "")) : null;
const isOpen = id => find(id) && !["closed", "pinned"].includes(find(id).status);
const blockers = issue => (issue.dependencies ?? []).filter(d => ["blocks", "conditional-blocks"].includes(d.type) && isOpen(d.depends_on_id)).map(d => d.depends_on_id);
const touch = issue => { issue.updated_at = now(); };
const edge = (from, to, type) => ({ issue_id: from, depends_on_id: to, type, created_at: now(), created_by: actor, ...(classic ? {} : { metadata: "{}" }) });
const commentId = () => classic ? (store.comment = (store.comment ?? 0) + 1) : crypto.randomUUID();

function reaches(from, to, seen = new Set()) {
  if (from === to) return true;
  if (seen.has(from) || !find(from)) return false;
  seen.add(from);
  return (find(from).dependencies ?? []).some(d => ["blocks", "conditional-blocks"].includes(d.type) && reaches(d.depends_on_id, to, seen));
}

function create() {
  const title = flag("title") ?? words[0];
  if (!title?.trim()) text(classic ? "Error: title is required" : JSON.stringify({ error: "title is required", schema_version: 1 }));
  if (Buffer.byteLength(title) > 500) text(`Error: title must be 500 characters or less (got ${Buffer.byteLength(title)})`);
  const wanted = priority(flag("priority") ?? "2"), type = flag("type") ?? "task";
  if (wanted === null) text(`Error: invalid priority "${flag("priority")}" (expected 0-4 or P0-P4)`);
  if (!types.includes(type)) text(`Error: validation failed: invalid issue type: ${type}`);
  let id = flag("id");
  if (id && !id.startsWith("bd-") && !flags.force) text(`Error: prefix mismatch: database uses 'bd-' but ID '${id}' doesn't match (use --force to override)`);
  if (id && find(id) && classic) text("Error: insert issue: failed to insert issue: constraint failed: UNIQUE constraint failed: issues.id (1555)");
  const parent = flag("parent");
  if (parent && !find(parent)) text(`Error: parent issue ${parent} not found`);
  if (parent && classic && parent.split(".").length > 3) text(`Error: maximum hierarchy depth (3) exceeded for parent ${parent}`);
  if (parent && !id) { store.children[parent] = (store.children[parent] ?? 0) + 1; id = `${parent}.${store.children[parent]}`; }
  while (!id || (!flag("id") && !parent && find(id))) id = "bd-" + Math.random().toString(36).slice(2, 5).padEnd(3, "0");
  const issue = store.issues[id] = { id, title, description: flag("description"), design: flag("design"), acceptance_criteria: flag("acceptance"), notes: flag("notes"),
    status: "open", priority: wanted, issue_type: type, assignee: flag("assignee"), owner: "ann@example.com", created_at: now(), created_by: actor, updated_at: now(),
    due_at: flag("due"), labels: [...new Set([...(find(id)?.labels ?? []), ...(flag("labels")?.split(",") ?? []), ...(parent && head ? find(parent).labels ?? [] : [])])].sort(), dependencies: parent ? [edge(id, parent, "parent-child")] : [] };
  save();
  if (classic && !issue.description) console.error("⚠ Creating issue without description.");
  const { labels, ...rest } = plain(issue);
  one(rest);
}

function claim(issue) {
  const id = issue.id;
  const mine = issue.assignee === actor;
  if (issue.assignee && !mine) return `Error claiming ${id}: issue already claimed by ${issue.assignee}`;
  if (mine && classic) return `Error claiming ${id}: issue already claimed by ${actor}`;
  if (classic && issue.status === "closed") return `Error claiming ${id}: failed to claim issue: constraint failed: CHECK constraint failed: (status = 'closed' AND closed_at IS NOT NULL)`;
  if (mine && issue.status === "in_progress") return null;
  if (mine && version === "1.0.3") return null; // It stays as it is.
  if (head && issue.status !== "open") return `Error claiming ${id}: issue not claimable: status ${issue.status}`;
  Object.assign(issue, { assignee: actor, status: "in_progress", started_at: issue.started_at ?? now() });
  return null;
}

function update() {
  if (!Object.keys(flags).some(name => !["json", "actor", "no-daemon"].includes(name))) { console.log("No updates specified"); return; }
  const done = [];
  for (const id of words) {
    const issue = find(id);
    if (!issue) { console.error(`Error resolving ${id}: no issue found matching "${id}"`); continue; }
    if (flags.claim) {
      const problem = claim(issue);
      if (problem) { console.error(problem); continue; }
    }
    const status = flag("status");
    if (status !== undefined && !statuses.includes(status)) { if (classic) { console.error(`Error updating ${id}: invalid status: ${status}`); continue; } refuse(`invalid status: ${status}`); }
    if (flag("priority") !== undefined && priority(flag("priority")) === null) refuse(`invalid priority "${flag("priority")}"`);
    const fields = { title: "title", description: "description", design: "design", acceptance: "acceptance_criteria", notes: "notes", assignee: "assignee", due: "due_at", defer: "defer_until", type: "issue_type" };
    for (const [name, field] of Object.entries(fields)) if (flags[name]) issue[field] = flag(name) || undefined;
    if (flags.priority) issue.priority = priority(flag("priority"));
    if (flag("defer") && !classic) issue.status = "deferred";
    if (status !== undefined) {
      issue.status = status;
      if (status === "closed") issue.closed_at = now(); else { delete issue.closed_at; delete issue.close_reason; }
    }
    issue.labels = [...new Set([...(issue.labels ?? []), ...(flags["add-label"] ?? [])])].filter(label => !(flags["remove-label"] ?? []).includes(label)).sort();
    if (flags.metadata) issue.metadata = { ...(classic ? {} : issue.metadata), ...JSON.parse(flag("metadata")) };
    for (const pair of flags["set-metadata"] ?? []) {
      const [key, value] = [pair.split("=")[0], pair.slice(pair.indexOf("=") + 1)];
      if (!/^[a-zA-Z_][a-zA-Z0-9_.]*$/.test(key)) refuse(`invalid metadata key "${key}"`);
      issue.metadata = { ...issue.metadata, [key]: /^(true|false|null|-?\d+(\.\d+)?)$/.test(value) ? JSON.parse(value) : value };
    }
    for (const key of flags["unset-metadata"] ?? []) if (issue.metadata) delete issue.metadata[key];
    touch(issue);
    done.push(plain(issue));
  }
  save();
  if (done.length) print(done); else process.exit(classic ? 0 : 1);
}

function close() {
  const missing = words.find(id => !find(id));
  if (missing) refuse(`no issue found matching "${missing}"`);
  const done = [];
  for (const issue of words.map(find)) {
    const open = blockers(issue);
    const children = Object.values(store.issues).filter(other => other.status !== "closed" && (other.dependencies ?? []).some(d => d.type === "parent-child" && d.depends_on_id === issue.id));
    if (issue.status !== "closed" && !flags.force && open.length) { console.error(`cannot close ${issue.id}: blocked by open issues [${open.join(" ")}] (use --force to override)`); continue; }
    if (!classic && issue.issue_type === "epic" && issue.status !== "closed" && !flags.force && children.length) { console.error(`cannot close epic ${issue.id}: ${children.length} open child issue(s); close children first or use --force to override`); continue; }
    Object.assign(issue, { status: "closed", closed_at: issue.closed_at ?? now(), close_reason: flag("reason") ?? "Closed" });
    touch(issue);
    done.push(plain(issue));
  }
  save();
  if (done.length) print(done); else process.exit(classic ? 0 : 1);
}

function show() {
  const found = words.filter(id => find(id) || !console.error(`Error resolving ${id}: no issue found matching "${id}"`)).map(find).filter(Boolean);
  if (!found.length) { if (classic) process.exit(0); refuse("no issues found matching the provided IDs"); }
  const answer = found.map(issue => ({
    ...plain(issue),
    ...(issue.dependencies?.length ? { dependencies: issue.dependencies.filter(d => find(d.depends_on_id)).map(d => ({ ...plain(find(d.depends_on_id)), dependency_type: d.type })) } : {}),
    ...(issue.comments?.length ? { comments: issue.comments } : {}),
  }));
  const shape = process.env.BD_SHAPE;
  print(shape === "object" ? answer[0] : shape === "data" ? { schema_version: 1, data: answer } : shape === "items" ? { schema_version: 1, items: answer } : answer);
}

function dep() {
  const [verb, from, to] = words;
  if (!find(from)) refuse(`resolving issue ID ${from}: no issue found matching "${from}"`);
  const issue = find(from), type = flag("type") ?? "blocks";
  issue.dependencies ??= [];
  const known = issue.dependencies.find(d => d.depends_on_id === to && d.type === type);
  if (verb === "add") {
    if (from === to) refuse(classic ? "issue cannot depend on itself" : `cannot add self-dependency: ${from} cannot depend on itself`);
    if (!find(to) && !to.startsWith("external:")) refuse(`resolving dependency ID ${to}: no issue found matching "${to}"`);
    if (["blocks", "conditional-blocks"].includes(type) && reaches(to, from)) refuse(classic ? "cannot add dependency: would create a cycle" : "adding dependency would create a cycle");
    const other = issue.dependencies.find(d => d.depends_on_id === to && d.type !== type);
    if (other && !classic) refuse(`dependency ${from} -> ${to} already exists with type "${other.type}" (requested "${type}"); remove it first with 'bd dep remove' then re-add`);
    const isEpic = id => find(id)?.issue_type === "epic";
    if (!classic && find(to) && ["blocks", "conditional-blocks"].includes(type) && isEpic(from) !== isEpic(to)) refuse(isEpic(from) ? "epics can only block other epics, not tasks" : "tasks can only block other tasks, not epics");
    if (known && classic) refuse("failed to add dependency: constraint failed: UNIQUE constraint failed");
    if (!known) issue.dependencies.push(edge(from, to, type));
  } else {
    if (!issue.dependencies.some(d => d.depends_on_id === to) && classic) refuse(`dependency from ${from} to ${to} does not exist`);
    issue.dependencies = issue.dependencies.filter(d => d.depends_on_id !== to);
  }
  save();
  one({ status: verb === "add" ? "added" : "removed", issue_id: from, depends_on_id: to, ...(verb === "add" ? { type } : {}) });
}

function imports() {
  if (words.length && classic) text("Error: unexpected arguments");
  const lines = readFileSync(resolve(words[0] ?? flag("input")), "utf8").split("\n").filter(Boolean).map(line => JSON.parse(line));
  for (const { _type, dependency_count, dependent_count, comment_count, ...line } of lines) {
    if (classic && (line.comments ?? []).some(c => typeof c.id === "string")) text("Error: json: cannot unmarshal string into Go struct field Comment.comments.id of type int64");
    const dependencies = (line.dependencies ?? []).filter(d => find(d.depends_on_id) || lines.some(other => other.id === d.depends_on_id));
    store.issues[line.id] = { ...line, dependencies: classic ? dependencies : dependencies.map(d => ({ ...d, metadata: "{}", created_by: actor })),
      comments: (line.comments ?? []).map(c => ({ ...c, id: commentId() })) };
    if (!classic) for (const name of ["created_at", "updated_at", "closed_at", "due_at", "defer_until"])
      if (line[name]) store.issues[line.id][name] = new Date(line[name]).toISOString().replace(/\.\d+Z$/, "Z");
  }
  save();
  if (classic) console.error(`Import complete: ${lines.length} created, 0 updated`); else one({ source: words[0], created: lines.length, skipped: 0 });
}

switch (command) {
  case "create": create(); break;
  case "update": update(); break;
  case "close": close(); break;
  case "show": show(); break;
  case "dep": dep(); break;
  case "import": imports(); break;
  case "reopen": {
    const missing = words.find(id => !find(id));
    if (missing) text(`Error resolving ${missing}: no issue found matching "${missing}"`);
    const issue = find(words[0]);
    if (issue.status === "open") { if (classic) print([plain(issue)]); else console.error(`${issue.id} is already open`); break; }
    issue.status = "open"; delete issue.closed_at; delete issue.close_reason; touch(issue); save(); print([plain(issue)]);
    break;
  }
  case "delete": {
    const id = words[0];
    if (!find(id)) refuse(`no issue found matching "${id}"`);
    delete store.issues[id];
    let removed = 0;
    for (const issue of Object.values(store.issues)) {
      removed += (issue.dependencies ?? []).filter(d => d.depends_on_id === id).length;
      issue.dependencies = (issue.dependencies ?? []).filter(d => d.depends_on_id !== id);
    }
    save(); one({ deleted: id, dependencies_removed: removed, references_updated: 0 });
    break;
  }
  case "comments": {
    const [, id, ...rest] = words;
    if (!find(id)) refuse(`no issue found matching "${id}"`);
    const comment = { id: commentId(), issue_id: id, author: actor, text: rest.join(" "), created_at: now() };
    (find(id).comments ??= []).push(comment); save(); one(comment);
    break;
  }
  case "label": {
    const [verb, id, label] = words;
    const labels = new Set(find(id).labels ?? []);
    if (verb === "add") labels.add(label); else labels.delete(label);
    find(id).labels = [...labels].sort(); save(); print([{ issue_id: id, label, status: verb === "add" ? "added" : "removed" }]);
    break;
  }
  case "ready": case "list": {
    const limit = Number(flag("limit") ?? (command === "ready" ? 10 : 50));
    const all = Object.values(store.issues).filter(i => command === "ready" ? i.status === "open" && !blockers(i).length : flags.all || !["closed", "pinned"].includes(i.status));
    print(all.slice(0, limit || all.length).map(shaped));
    break;
  }
  case "export": {
    const lines = Object.values(store.issues).filter(i => !i.ephemeral).sort((a, b) => a.id < b.id ? -1 : 1)
      .map(i => JSON.stringify(classic ? shaped(i) : { _type: "issue", ...shaped(i), dependency_count: (i.dependencies ?? []).length, dependent_count: 0, comment_count: (i.comments ?? []).length }));
    if (flag("output")) { mkdirSync(dirname(resolve(flag("output"))), { recursive: true }); writeFileSync(resolve(flag("output")), lines.map(l => l + "\n").join("")); }
    else process.stdout.write(lines.map(l => l + "\n").join(""));
    console.error(`Exported ${lines.length} issues`);
    break;
  }
  default: text(`Error: unknown command "${command}" for "bd"`);
}
