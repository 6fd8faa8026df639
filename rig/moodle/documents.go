package moodle

import (
	"fmt"
	"slices"
	"strings"
)

// What Moodle writes into every backup beside what a course is read from: columns of the tables, plug-ins that add nothing, documents about people, grades and groups.
// The reader has to find its way through them; where two levels have a column of the same name, the test sees whether it takes the right one.

// nothing is how Moodle writes NULL.
const nothing = "$@NULL@$"

// columns writes elements with the same names as columns: name, value, name, value …
func columns(pairs ...string) string {
	var out strings.Builder
	for pair := range slices.Chunk(pairs, 2) {
		fmt.Fprintf(&out, "<%s>%s</%s>\n", pair[0], escape(pair[1]), pair[0])
	}
	return out.String()
}

const emptyHash = "da39a3ee5e6b4b0d3255bfef95601890afd80709" // SHA-1 of nothing, that folders carry

// perActivity are the documents that stand beside an activity's own.
var perActivity = map[string]string{
	"calendar.xml":      "<events></events>",
	"comments.xml":      "<comments></comments>",
	"competencies.xml":  "<course_module_competencies><competencies></competencies></course_module_competencies>",
	"completion.xml":    "<completions><completion id=\"1\"><userid>3</userid><completionstate>1</completionstate><timemodified>1700000000</timemodified></completion></completions>",
	"filters.xml":       "<filters><filter_actives></filter_actives><filter_configs></filter_configs></filters>",
	"grade_history.xml": "<grade_history><grade_grades></grade_grades></grade_history>",
	"inforef.xml":       "<inforef><fileref><file><id>1</id></file></fileref></inforef>",
	"roles.xml":         "<roles><role_overrides></role_overrides><role_assignments></role_assignments></roles>",
	"xapistate.xml":     "<states></states>",
}

// perCourse are those beside course.xml.
var perCourse = map[string]string{
	"calendar.xml": "<events></events>", "comments.xml": "<comments></comments>", "competencies.xml": "<course_competencies><competencies></competencies></course_competencies>",
	"completiondefaults.xml": "<course_completion_defaults></course_completion_defaults>", "contentbank.xml": "<contents></contents>",
	"enrolments.xml": "<enrolments><enrols><enrol id=\"1\"><enrol>manual</enrol><status>0</status><name>" + nothing + "</name><user_enrolments></user_enrolments></enrol></enrols></enrolments>",
	"filters.xml":    "<filters><filter_actives></filter_actives><filter_configs></filter_configs></filters>",
	"inforef.xml":    "<inforef><roleref><role><id>5</id></role></roleref></inforef>", "roles.xml": "<roles><role_overrides></role_overrides><role_assignments></role_assignments></roles>",
}

// perBackup are those at the root.
var perBackup = map[string]string{
	"badges.xml":        "<badges></badges>",
	"completion.xml":    "<course_completion></course_completion>",
	"gradebook.xml":     "<gradebook><attributes></attributes><grade_categories><grade_category id=\"1\"><parent>" + nothing + "</parent><fullname>?</fullname></grade_category></grade_categories><grade_items><grade_item id=\"9\"><itemname>" + nothing + "</itemname><grademax>100.00000</grademax><gradepass>100.00000</gradepass></grade_item></grade_items><grade_letters></grade_letters><grade_settings></grade_settings></gradebook>",
	"grade_history.xml": "<grade_history><grade_grades></grade_grades></grade_history>",
	"groups.xml":        "<groups><group id=\"1\"><name>組</name></group><groupings></groupings></groups>",
	"outcomes.xml":      "<outcomes_definition></outcomes_definition>",
	"roles.xml":         "<roles_definition><role id=\"5\"><name></name><shortname>student</shortname></role></roles_definition>",
	"scales.xml":        "<scales_definition></scales_definition>",
}

// information is what stands before the list of contents in moodle_backup.xml.
func (b *Backup) information() string {
	version, release := "2021051704", "3.11.4 (Build: 20211108)"
	if b.Version >= 4 {
		version, release = "2023100900", "4.3 (Build: 20231009)"
	}
	return columns("name", "backup.mbz", "moodle_version", version, "moodle_release", release, "backup_version", version, "backup_release", release[:strings.Index(release, " ")], "backup_date", "1700000000",
		"mnet_remoteusers", "0", "include_files", "1", "include_file_references_to_external_content", "0", "original_wwwroot", "https://moodle.example.jp", "original_site_identifier_hash", strings.Repeat("0f", 16),
		"original_course_id", "2", "original_course_format", "topics", "original_course_fullname", b.Name, "original_course_shortname", "C", "original_course_startdate", "1700000000",
		"original_course_enddate", "0", "original_course_contextid", fmt.Sprint(courseContext), "original_system_contextid", "1") +
		"<details><detail backup_id=\"" + strings.Repeat("ab", 16) + "\">" + columns("type", "course", "format", "moodle2", "interactive", "1", "mode", "10", "execution", "1", "executiontime", "0") + "</detail></details>"
}

// settings is what stands behind it: those of the root, and each section's and activity's own.
func (b *Backup) settings() string {
	var out strings.Builder
	for _, name := range []string{"filename", "users", "anonymize", "role_assignments", "activities", "blocks", "files", "filters", "comments", "badges", "calendarevents", "userscompletion", "logs", "grade_histories", "questionbank", "groups", "competencies", "customfield", "contentbankcontent", "legacyfiles"} {
		out.WriteString("<setting>" + columns("level", "root", "name", name, "value", "1") + "</setting>")
	}
	for _, a := range b.activities {
		name := fmt.Sprintf("%s_%d", a.kind, a.module)
		out.WriteString("<setting><level>activity</level><activity>" + name + "</activity>" + columns("name", name+"_included", "value", "1") + "</setting>")
	}
	return out.String()
}

func (b *Backup) course() string {
	return fmt.Sprintf(`<course id="2" contextid="%d">`, courseContext) +
		columns("shortname", "C", "fullname", b.Name, "idnumber", "", "summary", "<p>この講座の説明</p>", "summaryformat", "1", "format", "topics", "showgrades", "1", "newsitems", "5", "startdate", "1700000000", "enddate", "0",
			"marker", "0", "maxbytes", "0", "legacyfiles", "0", "showreports", "0", "visible", "1", "groupmode", "0", "groupmodeforce", "0", "defaultgroupingid", "0", "lang", b.Lang, "theme", "", "timecreated", "1700000000",
			"timemodified", "1700000000", "requested", "0", "showactivitydates", "1", "showcompletionconditions", "1", "enablecompletion", "1", "completionnotify", "0") +
		"<category id=\"1\"><name>分類</name><description>" + nothing + "</description></category><tags></tags><customfields></customfields><courseformatoptions><courseformatoption><format>topics</format><sectionid>0</sectionid><name>hiddensections</name><value>1</value></courseformatoption></courseformatoptions></course>"
}

func module(a activity, visible bool, number int) string {
	shown := map[bool]string{true: "1", false: "0"}[visible]
	return fmt.Sprintf("<module id=\"%d\" version=\"2022041900\">", a.module) + columns("modulename", a.kind, "sectionid", fmt.Sprint(a.section), "sectionnumber", fmt.Sprint(number), "idnumber", "", "added", "1700000000", "score", "0",
		"indent", "0", "visible", shown, "visibleoncoursepage", "1", "visibleold", shown, "groupmode", "0", "groupingid", "0", "completion", "1", "completiongradeitemnumber", nothing, "completionpassgrade", "0", "completionview", "0",
		"completionexpected", "0", "availability", nothing, "showdescription", "0", "downloadcontent", "1", "lang", "") + "<tags></tags></module>"
}

// questionRow is what a question has before what its kind adds.
func questionRow(kind, name, text string, version int) string {
	row := columns("parent", "0", "name", name, "questiontext", text, "questiontextformat", "1", "generalfeedback", "なぜなら", "generalfeedbackformat", "1", "defaultmark", "1.0000000", "penalty", "0.3333333", "qtype", kind,
		"length", "1", "stamp", "moodle.example.jp+231009000000+aBcDeF")
	if version < 4 {
		row += columns("version", "moodle.example.jp+231009000000+GhIjKl", "hidden", "0")
	}
	return row + columns("timecreated", "1700000000", "timemodified", "1700000000", "createdby", "2", "modifiedby", "2")
}

// questionRest is what follows it.
const questionRest = `<plugin_qbank_comment_question><comments></comments></plugin_qbank_comment_question><plugin_qbank_customfields_question><customfields></customfields></plugin_qbank_customfields_question>` +
	`<question_hints><question_hint id="1"><hint>考えて</hint><hintformat>1</hintformat><shownumcorrect>0</shownumcorrect><clearwrong>0</clearwrong><options>` + nothing + `</options></question_hint></question_hints><tags><tag id="1"><name>試験</name><rawname>試験</rawname></tag></tags>`

// multichoice is the row that a question with choices has of its own.
func multichoice(single string) string {
	return `<multichoice id="1">` + columns("layout", "0", "single", single, "shuffleanswers", "1", "correctfeedback", "正解です", "correctfeedbackformat", "1", "partiallycorrectfeedback", "一部正解です", "partiallycorrectfeedbackformat", "1",
		"incorrectfeedback", "不正解です", "incorrectfeedbackformat", "1", "answernumbering", "abc", "shownumcorrect", "1", "showstandardinstruction", "0") + "</multichoice>"
}
