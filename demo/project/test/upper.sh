is 'VILLAGE' "$(upper Village)"
is '' "$(upper '')"
