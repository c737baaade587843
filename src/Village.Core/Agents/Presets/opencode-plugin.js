// Made by Village for one attempt: tells `village hook opencode` what this opencode does. Events in order, one call at a time;
// the agent never waits for it.
import { spawn } from "node:child_process"
const told = new Set(["session.status", "session.idle", "session.error", "permission.asked", "permission.replied", "question.asked", "question.replied", "question.rejected"])
const messages = new Map()
let queue = Promise.resolve(), last = ""
const tell = (text) => new Promise((done) => {
  const child = spawn(process.env.VILLAGE_PROGRAM, ["hook", "opencode"], { stdio: ["pipe", "ignore", "ignore"] })
  child.on("error", done)
  child.on("close", done)
  child.stdin.on("error", () => {})
  child.stdin.end(text)
})
export const Village = async () => ({
  event: async ({ event }) => {
    const about = event.properties ?? {}
    if (event.type === "message.updated" && about.info?.role === "assistant") messages.set(about.info.id, about.info)
    if (!told.has(event.type)) return
    const news = { type: event.type, properties: about }
    if (event.type === "session.idle") {
      const sum = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } }
      let cost = 0
      for (const { tokens, cost: spent } of messages.values()) {
        cost += spent ?? 0
        for (const kind of ["input", "output", "reasoning"]) sum[kind] += tokens?.[kind] ?? 0
        for (const kind of ["read", "write"]) sum.cache[kind] += tokens?.cache?.[kind] ?? 0
      }
      Object.assign(news, { usage: sum, cost })
    }
    const text = JSON.stringify(news)
    if (text === last) return
    last = text
    queue = queue.then(() => tell(text))
  },
})
