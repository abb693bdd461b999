#include "report/assets.h"

namespace narrow {

// Hues are those of Okabe and Ito, which people with any colour vision tell apart; lighter ones on dark pages.
const char* const kReportStyle = R"(
:root { color-scheme: light dark; --page: #f6f7f9; --card: #ffffff; --ink: #17202e; --dim: #5c6878; --line: #dde2e9;
  --soft: #eef1f5; --blue: #0067a8; --sky: #56b4e9; --orange: #c65a00; --green: #00795a; --pink: #b0578b;
  --band: #0067a81c; --good: #00795a; --bad: #c23b00; --shadow: 0 1px 2px #1018280d, 0 1px 6px #1018280a; }
@media (prefers-color-scheme: dark) { :root { --page: #0f141b; --card: #171e28; --ink: #e7ecf3; --dim: #9aa7b8;
  --line: #2a3442; --soft: #202936; --blue: #5ab4ff; --sky: #8ccbff; --orange: #ffa04d; --green: #3ecfa3;
  --pink: #e79ac6; --band: #5ab4ff26; --good: #3ecfa3; --bad: #ff8a5c; --shadow: none; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, 'Segoe UI', 'DejaVu Sans',
  sans-serif; }
main, header > div, nav > div { max-width: 74rem; margin: 0 auto; padding: 0 1.25rem; }
header { background: var(--card); border-bottom: 1px solid var(--line); padding: 1.6rem 0 1.2rem; }
.mark { color: var(--blue); font-weight: 700; letter-spacing: .04em; font-size: .82rem; text-transform: uppercase; }
h1 { font-size: 1.65rem; line-height: 1.25; margin: .15rem 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 0 0 .2rem; }
h3 { font-size: .95rem; margin: 1.2rem 0 .4rem; }
p { margin: .2rem 0 .8rem; } header p { margin-bottom: 0; } .dim, p.lead, figcaption { color: var(--dim); }
p.lead { max-width: 52rem; }
code { font: .92em ui-monospace, 'DejaVu Sans Mono', monospace; background: var(--soft); padding: .05em .3em;
  border-radius: .25rem; overflow-wrap: anywhere; }
nav { position: sticky; top: 0; z-index: 2; background: var(--card); border-bottom: 1px solid var(--line); }
nav > div { display: flex; gap: 1.1rem; overflow-x: auto; scrollbar-width: none; }
nav a { color: var(--dim); text-decoration: none; padding: .55rem 0; white-space: nowrap; font-size: .88rem; }
nav a:hover, nav a:focus { color: var(--blue); }
section { background: var(--card); border: 1px solid var(--line); border-radius: .7rem; box-shadow: var(--shadow);
  padding: 1.2rem 1.3rem; margin: 1.1rem 0; scroll-margin-top: 3rem; min-width: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(12.5rem, 100%), 1fr)); gap: .8rem;
  margin: 1.1rem 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .7rem; box-shadow: var(--shadow);
  padding: .85rem 1rem; min-width: 0; }
.card b { display: block; font-size: 1.55rem; font-weight: 650; line-height: 1.25; overflow-wrap: anywhere; }
.card span { color: var(--dim); font-size: .86rem; display: block; }
.card.kept { border-left: 5px solid var(--good); } .card.kept em { color: var(--good); }
.card.missed { border-left: 5px solid var(--bad); } .card.missed em { color: var(--bad); }
.card em { font-style: normal; font-weight: 600; }
.meter { height: .45rem; border-radius: .3rem; background: var(--soft); margin-top: .5rem; overflow: hidden; }
.meter i { display: block; height: 100%; background: var(--blue); } .kept .meter i { background: var(--good); }
.missed .meter i { background: var(--bad); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(28rem, 100%), 1fr)); gap: 1rem; }
.pair > * { min-width: 0; }
.scroll { overflow-x: auto; max-width: 100%; }
figure { margin: 0; min-width: 0; } figcaption { font-size: .86rem; }
svg { display: block; max-width: none; }
svg text { font: 12px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: var(--dim); } svg text.ink
  { fill: var(--ink); font-weight: 600; }
.grid { stroke: var(--line); } .axis { stroke: var(--dim); } .blue { fill: var(--blue); } .orange { fill: var(--orange); }
.green { fill: var(--green); } .pink { fill: var(--pink); } .gray { fill: var(--dim); } .band { fill: var(--band); }
.line { fill: none; stroke: var(--blue); stroke-width: 2; } .stem { stroke: var(--dim); stroke-opacity: .45; }
.hollow { fill: var(--card); stroke: var(--orange); stroke-width: 2; } .edge { stroke: var(--blue);
  stroke-dasharray: 3 2; } .front { fill: none; stroke: var(--dim); stroke-dasharray: 4 4; }
.values { fill: var(--dim); fill-opacity: .75; } .cut { fill: var(--bad); } .box { fill: var(--blue); fill-opacity: .3;
  stroke: var(--blue); } .box.odd { fill: var(--green); stroke: var(--green); fill-opacity: .3; }
.box.border { fill: var(--orange); stroke: var(--orange); fill-opacity: .3; } .box:hover { fill-opacity: .65; }
.key { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; font-size: .86rem; color: var(--dim); margin: .2rem 0 .6rem; }
.key i { display: inline-block; width: .75rem; height: .75rem; border-radius: 50%; margin-right: .4rem;
  vertical-align: -.05rem; background: var(--blue); } .key i.o { background: var(--orange); }
.key i.h { background: none; border: 2px solid var(--orange); } .key i.g { background: var(--dim); }
.key i.n { background: var(--green); } .key i.r { background: var(--bad); }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(14.5rem, 100%), 1fr)); gap: .7rem; }
.tile { border: 1px solid var(--line); border-radius: .5rem; padding: .55rem .65rem; min-width: 0; break-inside: avoid; }
.tile b { display: block; font-size: .86rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tile svg { width: 100%; height: 5rem; margin: .3rem 0; } .tile span { color: var(--dim); font-size: .78rem;
  display: block; } .tile span.ends { display: flex; justify-content: space-between; }
table { border-collapse: collapse; width: 100%; font-size: .86rem; font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--dim); font-weight: 550; white-space: nowrap; vertical-align: bottom; }
th, td { padding: .36rem .6rem; border-bottom: 1px solid var(--line); }
td { vertical-align: top; } tbody tr:hover { background: var(--soft); }
td.number, th.number { text-align: right; white-space: nowrap; } td.name { min-width: 9rem; overflow-wrap: anywhere; }
td.fit { white-space: nowrap; }
td.why { min-width: 12rem; color: var(--dim); } td.tag { white-space: nowrap; }
td.tag::before { content: ''; display: inline-block; width: .6rem; height: .6rem; border-radius: 50%;
  margin-right: .45rem; background: var(--dim); } td.integer::before { background: var(--blue); }
td.float::before { background: var(--orange); border-radius: 0; }
td.bar { text-align: right; white-space: nowrap; min-width: 6.5rem; }
td.bar i { display: block; height: .3rem; border-radius: .15rem; background: var(--blue); margin: .15rem 0 0 auto; }
td.bar.o i { background: var(--orange); } td.bar.n i { background: var(--green); } td.bar.p i { background: var(--pink); }
th.sorts { cursor: pointer; } th.sorts:hover { color: var(--blue); } th[aria-sort=ascending]::after { content: ' \25B2'; }
th[aria-sort=descending]::after { content: ' \25BC'; }
.tools { display: flex; gap: .6rem; justify-content: flex-end; margin: .2rem 0 .5rem; align-items: center; }
.tools input { font: inherit; font-size: .86rem; padding: .3rem .6rem; border: 1px solid var(--line); border-radius: .4rem;
  background: var(--card); color: var(--ink); width: min(16rem, 100%); }
button { font: inherit; font-size: .86rem; padding: .35rem .8rem; border: 1px solid var(--line); border-radius: .4rem;
  background: var(--card); color: var(--ink); cursor: pointer; } button:hover { border-color: var(--blue); }
details { margin-top: .8rem; } summary { cursor: pointer; color: var(--blue); font-size: .9rem; }
ul.said { list-style: none; padding: 0; margin: .3rem 0 .2rem; } ul.said li { padding: .5rem .8rem; margin: .35rem 0;
  border-left: 4px solid var(--dim); background: var(--soft); border-radius: 0 .4rem .4rem 0; overflow-wrap: anywhere; }
ul.advice li { border-color: var(--green); } ul.warn li { border-color: var(--bad); }
footer { color: var(--dim); font-size: .84rem; padding: .4rem 0 2.5rem; display: flex; gap: 1rem; flex-wrap: wrap;
  align-items: center; justify-content: space-between; }
@media (max-width: 40rem) { main, header > div, nav > div { padding: 0 .75rem; } section { padding: .9rem .8rem; }
  h1 { font-size: 1.3rem; } .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .55rem; }
  .card { padding: .6rem .7rem; } .card b { font-size: 1.2rem; } }
@media print { :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #000; --dim: #444; --line: #bbb;
  --soft: #f3f3f3; --blue: #0067a8; --orange: #c65a00; --green: #00795a; --bad: #c23b00; --shadow: none; }
  nav, .tools, button { display: none; } body { font-size: 10pt; } section, .card { box-shadow: none; border-radius: 0; }
  section { break-inside: auto; padding: .6rem 0; border-width: 1px 0 0; } .scroll { overflow: visible; }
  .scroll svg { max-width: 100%; height: auto; } td.fit, td.number, th, td.tag, td.bar { white-space: normal; } h2 { break-after: avoid; } tr, .card { break-inside: avoid; }
  details:not([open]) > :not(summary) { display: none; } table { font-size: 7pt; } th, td { padding: .12rem .22rem; }
  td.name, td.why, td.bar { min-width: 0; overflow-wrap: anywhere; } .tiles { grid-template-columns: repeat(3, 1fr); }
  .pair { grid-template-columns: 1fr 1fr; } #layers table { font-size: 5.5pt; } }
)";

}  // namespace narrow
