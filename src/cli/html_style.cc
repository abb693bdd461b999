#include "cli/html_style.h"

namespace narrow {

const char* const kHtmlStyle = R"(
:root { color-scheme: light dark; --ink: #1c2430; --dim: #667085; --line: #e4e7ec; --page: #ffffff; --soft: #f6f7f9;
        --integer: #1570ef; --float: #f79009; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ee; --dim: #98a2b3; --line: #2c3440; --page: #14181f; --soft: #1b212a;
          --integer: #53a3ff; --float: #fdb022; } }
body { margin: 0 auto; padding: 2.5rem 1.5rem; max-width: 72rem; background: var(--page); color: var(--ink);
       font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0; overflow-wrap: anywhere; }
p { color: var(--dim); margin: .25rem 0 2rem; }
.shares { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1rem; margin-bottom: 2rem; }
.share { background: var(--soft); border-radius: .6rem; padding: 1rem 1.2rem; }
.share b { display: block; font-size: 1.5rem; font-weight: 600; }
.share span { color: var(--dim); }
.bar { height: .5rem; border-radius: .25rem; background: var(--integer); margin-top: .6rem; overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--float); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .87rem; font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--dim); font-weight: 500; white-space: nowrap; }
th, td { padding: .45rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; white-space: nowrap; }
td.name { overflow-wrap: anywhere; color: var(--dim); min-width: 12rem; }
td.tag { white-space: nowrap; }
td.tag::before { content: ""; display: inline-block; width: .6rem; height: .6rem; border-radius: 50%;
                 margin-right: .5rem; background: var(--dim); }
td.integer::before { background: var(--integer); }
td.float::before { background: var(--float); }
)";

}  // namespace narrow
