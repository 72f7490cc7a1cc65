"""In which order texts come to be coded, and the page one is on."""
