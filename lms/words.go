package lms

// The words of documents and exports. The page has its own in its locales; these leave the system as files.
var japanese = words{
	"not_started": "未受講", "in_progress": "受講中", "interrupted": "中断", "failed": "不合格", "completed": "合格・修了", "exempt": "対象外", "withdrawn": "取り下げ",
	"overdue": "期限超過", "and_overdue": "（期限超過）", "reason_left": "退職", "reason_rule_removed": "割当の変更", "reason_excluded": "割当で除外", "reason_moved": "異動・変更", "exempt_until": "%sまで", "extended": "期限を%sまで延長（%s）",
	"export": "受講状況", "name": "氏名", "employee_number": "社員番号", "login_id": "ログインID", "departments": "部署", "status": "状況", "due_on": "期限",
	"lessons": "進み具合", "score": "得点", "started_on": "開始日", "completed_on": "修了日", "reason": "理由・備考",
	"record": "教育実施記録", "issue": "第%d号", "as_of": "%s 現在", "summary": "実施概要", "item": "項目", "what": "内容", "organisation": "事業者名", "title": "研修名", "period": "実施期間",
	"held": "受講のあった期間", "to": "〜", "nobody": "まだありません", "course": "講座（内容）", "version": "第%d版（%s 公開）", "method": "実施方法",
	"method_text": "eラーニング（各自の端末で受講）：", "page": "読み物", "video": "動画", "pdf": "資料", "quiz": "理解度テスト", "responsible": "管理責任者", "state": "実施回の状態",
	"open": "実施中", "closed": "終了", "results": "結果", "assigned": "対象者", "people": "%d名", "rate": "修了率", "percent": "%d%%", "average": "修了者の平均点", "points": "%d点",
	"contents": "受講内容", "no": "No.", "kind": "種類", "lesson": "題名", "detail": "詳細", "questions": "%d問・合格点%d%%", "minutes": "約%d分", "pages": "%dページ",
	"by_department": "部署別の結果", "department": "部署", "unfinished": "未修了", "attendees": "修了者", "absentees": "未修了者とフォロー", "excused": "対象外・取り下げ",
	"follow_up": "フォローの状況", "reminded": "督促%d回（最終 %s）", "not_reminded": "督促なし", "suspended": "休職中", "left": "退職", "none": "該当する人はいません。",
	"year": "%d年度", "fiscal_year": "年度", "rounds": "実施回", "people_due": "対象となった人", "people_done": "すべて修了した人", "places": "延べ対象", "lines": "受講者一覧", "average_short": "平均点",
	"not_everybody": "人数が多いため、修了者の一覧はExcel版にあります。この文書には、未修了者と対象外の人だけを載せています。",
	"drawn":         "作成", "approved": "承認", "digest": "内容の照合値（SHA-256）", "issued": "発行 %s", "sheet_summary": "概要", "separator": "、", "concurrent": "兼務する人は、それぞれの部署で数えています。",
}

var english = words{
	"not_started": "Not started", "in_progress": "In progress", "interrupted": "Interrupted", "failed": "Not passed", "completed": "Passed / completed",
	"exempt": "Exempt", "withdrawn": "Withdrawn", "overdue": "Overdue", "and_overdue": " (overdue)", "reason_left": "Left the organisation",
	"reason_rule_removed": "Assignment changed", "reason_excluded": "Kept out by a rule", "reason_moved": "Moved or changed", "exempt_until": "until %s", "extended": "due day extended to %s (%s)", "export": "Training status", "name": "Name", "employee_number": "Employee no.", "login_id": "Login ID",
	"departments": "Departments", "status": "Status", "due_on": "Due", "lessons": "Progress", "score": "Score", "started_on": "Started", "completed_on": "Completed",
	"reason": "Reason / note", "record": "Training record", "issue": "No. %d", "as_of": "as of %s", "summary": "Summary", "item": "Item", "what": "Content", "organisation": "Organisation",
	"title": "Training", "period": "Period", "held": "Taken between", "to": "–", "nobody": "Nobody yet", "course": "Course (content)",
	"version": "version %d (published %s)", "method": "Method", "method_text": "e-learning on one's own device: ", "page": "Reading", "video": "Video", "pdf": "Document",
	"quiz": "Test", "responsible": "Person responsible", "state": "State of the round", "open": "Open", "closed": "Closed", "results": "Results", "assigned": "Assigned",
	"people": "%d", "rate": "Completion rate", "percent": "%d%%", "average": "Average score", "points": "%d%%", "contents": "Content", "no": "No.", "kind": "Kind",
	"lesson": "Title", "detail": "Detail", "questions": "%d questions, pass at %d%%", "minutes": "about %d min", "pages": "%d pages", "by_department": "Results by department",
	"department": "Department", "unfinished": "Unfinished", "attendees": "Completed", "absentees": "Not finished, and follow-up", "excused": "Exempt and withdrawn",
	"follow_up": "Follow-up", "reminded": "reminded %d times (last %s)", "not_reminded": "not reminded", "suspended": "on leave", "left": "left", "none": "Nobody.",
	"year": "Fiscal year %d", "fiscal_year": "Fiscal year", "rounds": "Rounds", "people_due": "People to be trained", "people_done": "Completed everything", "places": "Places assigned",
	"lines": "Everybody", "average_short": "Average", "not_everybody": "There are too many people for paper: the XLSX lists those who completed. Here stand only those who have not finished or need not.",
	"drawn": "Prepared", "approved": "Approved", "digest": "Digest of the content (SHA-256)", "issued": "issued %s", "sheet_summary": "Summary", "separator": ", ",
	"concurrent": "People with several posts count in each department.",
}
