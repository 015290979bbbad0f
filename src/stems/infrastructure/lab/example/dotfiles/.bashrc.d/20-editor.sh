export EDITOR=vi
export LESS=-R
