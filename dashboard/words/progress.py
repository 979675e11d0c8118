"""Words of a solve under way and of how it ends."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "job.stop": ("Stop and keep the best plan", "停止并保留当前最优方案"),
    "job.see": ("See the plan", "查看方案"),
    "job.compare": ("Compare it", "进行比较"),
    "job.chart": ("Best plan and proven bound over time", "当前最优与已证下界随时间的变化"),
    "job.waits": ("Waits for {ahead} other solve(s) to end.", "前面还有 {ahead} 个求解任务。"),
    "job.next": ("Starts in a moment.", "即将开始。"),
    "job.runs": ("{doing} · {seconds} s so far.", "{doing} · 已用 {seconds} 秒。"),
    "job.stopping": (" Stopping; the best plan is being made exact.", " 正在停止，并整理当前最优方案。"),
    "job.phase.figures": ("Attaching figures to the study", "正在为研究配置数据"),
    "job.phase.build": ("Building the model", "正在建立模型"),
    "job.phase.start": ("Starting the solver", "正在启动求解器"),
    "job.phase.bound": ("Computing a bound that no plan can beat", "正在计算任何方案都无法突破的下界"),
    "job.phase.plans": ("Looking for first plans", "正在寻找初始方案"),
    "job.phase.improve": ("Improving the best plan", "正在改进当前最优方案"),
    "job.phase.prove": ("Proving how good the plan is", "正在证明方案的优劣"),
    "job.phase.finish": ("Making the plan exact and checking it", "正在精确化并复核方案"),
    "job.phase.repairs": (
        "No plan can exist; finding out what conflicts and what would help",
        "不存在可行方案，正在查找冲突与可行的修正",
    ),
    "job.phase.conflicts": ("Finding out what conflicts", "正在查找冲突"),
    "job.phase.estimates": ("Moving estimates one by one", "正在逐项变动估计值"),
    "job.phase.done": ("Writing the run", "正在保存方案"),
    "job.phase.solving": ("Solving", "正在求解"),
    "job.state.waiting": ("waiting", "排队中"),
    "job.state.running": ("solving", "求解中"),
    "job.state.done": ("done", "已完成"),
    "job.state.infeasible": ("no plan can exist", "无可行方案"),
    "job.state.no_plan": ("no plan found", "未找到方案"),
    "job.state.bad_input": ("cannot be used", "输入有误"),
    "job.state.failed": ("failed", "失败"),
    "job.state.cancelled": ("cancelled", "已取消"),
    "job.ended.done": ("The plan is found, checked and saved.", "方案已找到、复核并保存。"),
    "job.ended.infeasible": (
        "No plan can exist: these requirements cannot hold together.",
        "不存在可行方案：以下要求无法同时满足。",
    ),
    "job.ended.no_plan": (
        "No plan was found in the time given; that is no proof that none exists. Give it more time.",
        "在给定时间内未找到方案；这并不证明方案不存在，可延长时间后重试。",
    ),
    "job.ended.bad_input": ("The study cannot be used as it is:", "该研究的输入无法使用："),
    "job.ended.cancelled": ("Stopped before there was a plan to keep.", "在得到方案之前已停止。"),
    "job.failed.lost": (
        "The solve ended without a word, perhaps because the machine was restarted. Solve again.",
        "求解意外中断，可能是机器已重启。请重新求解。",
    ),
    "job.failed.time": (
        "The solve took longer than this desk allows and was ended.",
        "求解超过允许时长，已被终止。",
    ),
    "job.failed.memory": (
        "The solve needed more memory than this desk allows. Try seasons instead of months, or fewer sites.",
        "求解所需内存超出限制。可改用季度分辨率，或减少候选园区。",
    ),
    "job.failed.gone": (
        "The run was deleted meanwhile. Bring it back and ask again.",
        "方案已被删除。请恢复后重新计算。",
    ),
    "job.failed.other": (
        "The solve failed ({cause}). This is our fault; its log is {job}.log.",
        "求解失败（{cause}）。这是程序的问题，日志为 {job}.log。",
    ),
}
