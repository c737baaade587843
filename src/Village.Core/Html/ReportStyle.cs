namespace Village.Html;

/// <summary>The looks of the page of a run: light and dark, on a narrow screen, on a wide one and on paper.</summary>
internal static class ReportStyle
{
    /// <summary>The style sheet.</summary>
    public const string Css = """
        :root {
          color-scheme: light dark;
          --page: #ffffff; --text: #1c2024; --quiet: #57606a; --line: #d5dbe1; --card: #f5f7f9; --link: #0b5cad;
          --completed: #2e9e5b; --failed: #d1383d; --given_back: #8a93a0; --interrupted: #d99a1c; --taken_away: #9a6fd0; --lost: #a8328f; --paused: #c9b21c; --running: #2f7de1;
          --stripe: rgb(255 255 255 / .55);
          --ready-box: #d7f5dc; --busy-box: #fff3bf; --failed-box: #ffd6d6; --done-box: #e4e8ec; --plain-box: #ffffff; --box-line: #8a93a0;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #14171a; --text: #e6e9ec; --quiet: #a0abb6; --line: #323a42; --card: #1d2227; --link: #79b8ff;
            --completed: #3fb56d; --failed: #ef5b5f; --given_back: #7d8794; --interrupted: #e0a83a; --taken_away: #b08ce0; --lost: #d062b8; --paused: #d8c440; --running: #5a9cf0;
            --stripe: rgb(0 0 0 / .5);
            --ready-box: #17402a; --busy-box: #4a3d10; --failed-box: #5a2023; --done-box: #2b3138; --plain-box: #1d2227; --box-line: #76818c;
          }
        }
        * { box-sizing: border-box; }
        html { background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Helvetica, Arial, sans-serif; -webkit-text-size-adjust: 100%; }
        body { max-width: 75rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; overflow-wrap: anywhere; }
        h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .3rem; }
        h2 { font-size: 1.15rem; margin: 2.4rem 0 .7rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
        h2 small, .quiet, .more, footer { color: var(--quiet); font-weight: normal; font-size: .87rem; }
        p { margin: .3rem 0 .6rem; }
        a { color: var(--link); text-decoration: none; }
        a:hover { text-decoration: underline; }
        :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
        code, pre, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace; font-size: .87em; }
        bdi { unicode-bidi: isolate; }

        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .6rem; margin: 1.1rem 0 0; padding: 0; }
        .cards div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .55rem .8rem .6rem; }
        .cards dt { color: var(--quiet); font-size: .82rem; }
        .cards dd { margin: 0; font-size: 1.45rem; line-height: 1.25; font-weight: 600; font-variant-numeric: tabular-nums; }
        .cards dd small { display: block; font-size: .8rem; line-height: 1.35; font-weight: normal; color: var(--quiet); }
        .cards .completed { border-left: 4px solid var(--completed); }
        .cards .failed { border-left: 4px solid var(--failed); }
        .cards .running { border-left: 4px solid var(--running); }

        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; padding: 0; margin: 0 0 .6rem; font-size: .87rem; color: var(--quiet); }
        .legend svg { border-radius: 2px; vertical-align: -1px; }
        .gantt { display: grid; grid-template-columns: minmax(0, 17rem) minmax(0, 1fr); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
        .names { list-style: none; margin: 0; padding: 26px 0 4px; border-right: 1px solid var(--line); }
        .names li { height: 24px; line-height: 24px; padding: 0 .6rem; font-size: .82rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
        .names li:nth-child(odd) { background: var(--card); }
        .names a { font-weight: 600; }
        .bars { display: block; }
        .bars .band { fill: var(--card); }
        .bars .grid { stroke: var(--line); stroke-width: 1; }
        .bars .tick { fill: var(--quiet); font-size: 11px; font-variant-numeric: tabular-nums; }
        .bar { stroke-width: 1.5; }
        .bar.completed { fill: var(--completed); stroke: var(--completed); }
        .bar.failed { fill: var(--failed); stroke: var(--failed); }
        .bar.given_back { fill: var(--given_back); stroke: var(--given_back); }
        .bar.interrupted { fill: var(--interrupted); stroke: var(--interrupted); }
        .bar.taken_away { fill: var(--taken_away); stroke: var(--taken_away); }
        .bar.lost { fill: var(--lost); stroke: var(--lost); }
        .bar.paused { fill: var(--paused); stroke: var(--paused); }
        .bars .bar.running { fill: url(#open); stroke: none; }
        .legend .bar.running { fill: var(--running); }
        .begun { stop-color: var(--running); }
        .unended { stop-color: var(--running); stop-opacity: .15; }
        .stripe { fill: var(--stripe); }

        .tag { white-space: nowrap; }
        .tag::before { content: ""; display: inline-block; width: .65em; height: .65em; border-radius: 2px; margin-right: .4em; background: var(--box-line); }
        .tag.completed::before { background: var(--completed); }
        .tag.failed::before { background: var(--failed); }
        .tag.given_back::before { background: var(--given_back); }
        .tag.interrupted::before { background: var(--interrupted); }
        .tag.taken_away::before { background: var(--taken_away); }
        .tag.lost::before { background: var(--lost); }
        .tag.paused::before { background: var(--paused); }
        .tag.running::before { background: var(--running); }

        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .87rem; }
        caption { text-align: left; font-weight: 600; padding: .2rem 0 .4rem; }
        th, td { text-align: left; vertical-align: top; padding: .32rem .8rem .32rem 0; border-bottom: 1px solid var(--line); min-width: 3rem; }
        thead th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
        tbody th { font-weight: 600; }
        td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
        td.wide { min-width: 14rem; }
        td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
        tfoot td, tfoot th { font-weight: 600; border-bottom: none; }
        tr:target { background: var(--card); }

        .failure { border: 1px solid var(--line); border-left: 4px solid var(--failed); border-radius: 8px; margin: 0 0 .7rem; padding: .55rem .9rem .6rem; }
        .failure.lost { border-left-color: var(--lost); }
        .failure h3 { font-size: .95rem; margin: 0; }
        .failure p { margin: .15rem 0; }
        summary { cursor: pointer; color: var(--link); }
        .failure summary { font-size: .87rem; }
        pre { margin: .4rem 0 0; padding: .6rem .8rem; background: var(--card); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; line-height: 1.4; }

        .graph { display: block; font-size: 12px; }
        .graph .edge { fill: none; stroke: var(--box-line); stroke-width: 1.3; }
        .graph .waits-for { stroke-dasharray: 6 4; }
        .graph .parent-child { stroke-dasharray: 2 3; }
        .graph .head { fill: var(--box-line); }
        .graph .box { fill: var(--plain-box); stroke: var(--box-line); stroke-width: 1; }
        .graph .box.ready { fill: var(--ready-box); }
        .graph .box.claimed, .graph .box.in_progress, .graph .box.paused { fill: var(--busy-box); }
        .graph .box.failed { fill: var(--failed-box); }
        .graph .box.completed, .graph .box.closed { fill: var(--done-box); }
        .graph .box.worked { stroke: var(--text); stroke-width: 2; }
        .graph .box.circle { stroke: var(--failed); stroke-width: 3; }
        .graph text { fill: var(--text); }
        .graph .id { font-weight: 600; }
        .graph .standing, .graph .small { fill: var(--text); font-size: 11px; opacity: .85; }
        footer { margin-top: 2.5rem; }

        @media (max-width: 40rem) {
          body { padding: 1rem .8rem 2rem; }
          .gantt { grid-template-columns: minmax(0, 7.5rem) minmax(0, 1fr); }
          .tick.odd { display: none; }
          .cards { grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr)); }
          .cards dd { font-size: 1.2rem; }
        }
        @media print {
          html { font-size: 11px; }
          body { max-width: none; padding: 0; }
          * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          .scroll { overflow: visible; }
          .graph { max-width: 100%; height: auto; }
          .failure, tr, .names li { break-inside: avoid; }
          h2 { break-after: avoid; }
          summary { display: none; }
          details::details-content { content-visibility: visible; display: block; }
        }

        """;
}
