"""Words that the pages of studies share; each study brings its own with its page."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "studies.nav": ("Studies", "专题研究"),
    "studies.all": ("All studies", "全部研究"),
    "studies.title": ("Questions about this plan", "关于本方案的问题"),
    "studies.note": (
        "Each is worked out on request, solving again where it must. The answer is kept with the run.",
        "每项研究按需计算，必要时重新求解；结果与方案一同保存。",
    ),
    "studies.not_asked": ("Nobody has asked this yet.", "尚未提出此问题。"),
    "studies.under_way": ("Being worked out now.", "正在计算。"),
    "study.unasked": (
        "Nobody has asked this about the run shown. It takes up to {solves} further solves; the run's own took "
        "{seconds} s. It may be left alone: the answer is kept with the run.",
        "尚未对该方案提出此问题。最多需要 {solves} 次求解；"
        "该方案自身求解用时 {seconds} 秒。可离开此页，结果将与方案一同保存。",
    ),
    "study.ask": ("Ask", "开始计算"),
    "study.again": ("Ask again", "重新计算"),
    "study.cancel": ("Cancel", "取消"),
    "study.see": ("See the answer", "查看结果"),
    "study.answered": (
        "Answered {when} in {seconds} s with catalogue {print}.",
        "完成于 {when}，用时 {seconds} 秒，数据目录 {print}。",
    ),
    "study.preparing": ("Working out which cases to solve", "正在确定需要求解的情形"),
    "study.solving": ("Solve {number} of this study: {what}", "本研究第 {number} 次求解：{what}"),
    "study.stopping": (" Being cancelled.", " 正在取消。"),
    "study.evidence": ("Figures this rests on most", "所依据的主要数据"),
    "answer.ended.done": (
        "The question is answered; the answer is kept with the run.",
        "问题已解答，结果与方案一同保存。",
    ),
    "answer.ended.infeasible": (
        "One of the cases that this study solves has no plan, so there is no answer.",
        "本研究中的一种情形不存在可行方案，因此没有结果。",
    ),
    "answer.ended.no_plan": (
        "No plan was found in time for one of the cases that this study solves. Give it more time and solve again.",
        "本研究中的一种情形在规定时间内未找到方案。请延长求解时间后重试。",
    ),
    "answer.ended.bad_input": ("The study behind this run cannot be used as it is:", "该方案的研究输入无法使用："),
    "answer.ended.cancelled": ("Cancelled; no answer was kept.", "已取消，未保存结果。"),
}
