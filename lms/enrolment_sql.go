package lms

// sqlOverdue is Overdue for the database; it takes today. Nothing open can be late that is not in this list.
const sqlOverdue = `e.due_on < ? AND e.status IN ('not_started', 'in_progress', 'interrupted', 'failed')`
