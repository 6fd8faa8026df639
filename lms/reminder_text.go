package lms

import "fmt"

type reminderFacts struct {
	Name, Title, Course, DueOn, URL string
	Days                            string // relative to the due day, "-7", "+0", "+3"; "" at assignment
}

// reminderText writes a mail in Japanese and English, the person's language first, so that who reads little Japanese is not left out.
func reminderText(locale string, f reminderFacts) (subject, body string) {
	ja, en := f.japanese(), f.english()
	first, second := ja, en
	if locale == "en" {
		first, second = en, ja
	}
	return first[0], first[1] + "\n\n----------------------------------------\n\n" + second[1] + "\n"
}

func (f reminderFacts) japanese() [2]string {
	var head, say string
	switch f.Days {
	case "":
		head, say = "研修のお知らせ", "次の研修を受けてください。"
	case "+0":
		head, say = "今日が期限です", "次の研修は、今日が期限です。まだ終わっていません。"
	case "-1":
		head, say = "明日が期限です", "次の研修は、明日が期限です。まだ終わっていません。"
	default:
		if f.Days[0] == '-' {
			head, say = "期限まであと"+f.Days[1:]+"日です", "次の研修の期限が近づいています。まだ終わっていません。"
		} else {
			head, say = "期限を過ぎています", "次の研修の期限を過ぎました。いまからでも受けられます。"
		}
	}
	return [2]string{
		fmt.Sprintf("【研修】%s：%s", head, f.Title),
		fmt.Sprintf("%s 様\n\n%s\n\n研修　%s\n講座　%s\n期限　%s\n\n次のページからログインすると、続きから始められます。\n%s\n\nログインできないときは、勤め先の管理責任者に連絡してください。\nこのメールには返信できません。",
			f.Name, say, f.Title, f.Course, f.DueOn, f.URL),
	}
}

func (f reminderFacts) english() [2]string {
	var head, say string
	switch f.Days {
	case "":
		head, say = "Training for you", "Please take this training."
	case "+0":
		head, say = "Due today", "This training is due today. You have not finished it yet."
	case "-1":
		head, say = "Due tomorrow", "This training is due tomorrow. You have not finished it yet."
	default:
		if f.Days[0] == '-' {
			head, say = "Due in "+f.Days[1:]+" days", "This training is due soon. You have not finished it yet."
		} else {
			head, say = "Overdue", "The deadline of this training has passed. You can still take it."
		}
	}
	return [2]string{
		fmt.Sprintf("[Training] %s: %s", head, f.Title),
		fmt.Sprintf("Dear %s,\n\n%s\n\nTraining: %s\nCourse: %s\nDue: %s\n\nLog in here; you go on where you stopped.\n%s\n\nIf you cannot log in, please contact the training manager at your workplace.\nThis address does not take replies.",
			f.Name, say, f.Title, f.Course, f.DueOn, f.URL),
	}
}
