"""The rulebook that the clauses are cited from: data. The clause of each rule and cause stands with the rule, in the
`package.py` of its package; here are the titles of the texts. Where the texts have no clause the rule says 惯例."""

from collections.abc import Mapping
from types import MappingProxyType

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "《实施办法》": "《“三重一大”事项集体决策实施办法》",  # Measures
        "《实施细则》": "《〈集体决策重大问题议事规则（试行）〉实施细则》",  # Rules
        "《工作规则》": "《局工作规则》",  # Working
        "《人事办法》": "《干部人事管理暂行办法》",  # Personnel
    }
)
"""The full title of each text, by the short one that stands after 以下简称."""
