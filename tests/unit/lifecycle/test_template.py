"""What is shipped is found from wherever the package is, with the paths that it gets."""

from __future__ import annotations

from stems.lifecycle.template import Template, methodology_files, template_files

FOLDER = f"templates/{Template.REPOSITORY.value}/"


def test_a_template_is_the_part_of_the_tree_below_its_folder() -> None:
    below = [one for one in methodology_files() if one.path.startswith(FOLDER)]

    assert below
    assert list(template_files(Template.REPOSITORY)) == [
        one._replace(path=one.path.removeprefix(FOLDER)) for one in below
    ]


def test_files_come_in_one_order() -> None:
    paths = [one.path for one in methodology_files()]

    assert paths == sorted(paths)


def test_a_script_is_executable_and_a_page_is_not() -> None:
    executable = {one.path for one in template_files(Template.REPOSITORY) if one.executable}

    assert executable == {"validate.sh", "apply.sh"}
