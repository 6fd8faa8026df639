package tenant

import (
	"context"
	"iter"
	"strconv"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
)

// WrongRows gives every faulty row as a table to mend, as it stands in the file, with its number, the columns that are wrong and the reasons in front.
// It returns fault.NotFound, and fault.Gone "import_old" when the rows are kept no longer.
func (s *Imports) WrongRows(ctx context.Context, tid ID, id db.ID, language string) (sheet.Table, error) {
	imp, err := s.Find(ctx, tid, id)
	if err != nil {
		return sheet.Table{}, err
	}
	if imp.RowsUntil.IsZero() {
		return sheet.Table{}, fault.New(fault.Gone, "import_old")
	}
	titles := [3]string{"行", "列", "理由"}
	if language == "en" {
		titles = [3]string{"Row", "Column", "Reason"}
	}
	table := sheet.Table{Name: titles[2], Headings: []sheet.Heading{{Title: titles[0], Width: 8}, {Title: titles[1], Width: 20}, {Title: titles[2], Width: 60}}}
	for _, h := range imp.Summary.Headings {
		table.Headings = append(table.Headings, sheet.Heading{Title: h, Width: 20})
	}
	table.Rows = s.wrongRows(ctx, tid, imp, language)
	return table, nil
}

func (s *Imports) wrongRows(ctx context.Context, tid ID, imp Import, language string) iter.Seq2[[]sheet.Cell, error] {
	return func(yield func([]sheet.Cell, error) bool) {
		for after := 0; ; {
			rows, err := s.rows(ctx, tid, s.db, imp.ID, RowWrong, after, importBatch)
			if err != nil {
				yield(nil, err)
				return
			}
			if len(rows) == 0 {
				return
			}
			for _, r := range rows {
				if !yield(wrongCells(imp, r, language), nil) {
					return
				}
			}
			after = rows[len(rows)-1].Number
		}
	}
}

func wrongCells(imp Import, r keptRow, language string) []sheet.Cell {
	var columns, reasons []string
	for _, f := range r.Faults {
		columns = append(columns, imp.Summary.column(f.Path, language))
		reasons = append(reasons, imp.Summary.column(f.Path, language)+": "+importSentence(f, language))
	}
	cells := append([]sheet.Cell{sheet.Int(int64(r.Number))}, sheet.Texts(strings.Join(columns, ", "), strings.Join(reasons, " / "))...)
	return append(cells, sheet.Texts(r.cells...)...)
}

// column is what the file itself calls a field, with the letter that Excel shows; for a field without a column our own name of it.
func (m ImportSummary) column(field, language string) string {
	if m.Form != nil {
		for i, c := range m.Form.Columns {
			if fieldOf(c.Target) == field {
				return c.Heading + " (" + sheet.ColumnName(i) + ")"
			}
		}
	}
	for _, c := range sheetColumns {
		if c.field == field {
			return c.heading(language)
		}
	}
	return strconv.Quote(field)
}
