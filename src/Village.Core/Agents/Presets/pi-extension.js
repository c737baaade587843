// Made by Village for one attempt: tells `village hook pi` what this pi does. Events in order, one call at a time; the agent
// never waits for it.
import { spawn } from "node:child_process"
let queue = Promise.resolve()
const sum = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cost: { total: 0 } }
const tell = (news) => new Promise((done) => {
  const child = spawn(process.env.VILLAGE_PROGRAM, ["hook", "pi"], { stdio: ["pipe", "ignore", "ignore"] })
  child.on("error", done)
  child.on("close", done)
  child.stdin.on("error", () => {})
  child.stdin.end(JSON.stringify(news))
})
export default function (pi) {
  pi.on("message_end", ({ message }) => {
    if (message.role !== "assistant") return
    for (const kind of ["input", "output", "cacheRead", "cacheWrite"]) sum[kind] += message.usage?.[kind] ?? 0
    sum.cost.total += message.usage?.cost?.total ?? 0
  })
  for (const type of ["session_start", "agent_start", "agent_end"]) {
    pi.on(type, (event, context) => {
      const { role, stopReason, errorMessage } = event.messages?.at(-1) ?? {}
      const news = { type, session: context.sessionManager.getSessionId() }
      if (type === "agent_end") Object.assign(news, { last: { role, stopReason, errorMessage }, usage: structuredClone(sum) })
      queue = queue.then(() => tell(news))
    })
  }
}
