package content

import (
	"maps"
	"strconv"
	"strings"
)

// The sequencing part of a SCORM 2004 manifest (IMS Simple Sequencing with ADL's extensions), brought into the shape that the runtime library in the player takes
// (its ActivitySettings). Attributes that are absent are left out, so that the library's defaults, which are the standard's, hold.

type xmlSequencing struct {
	ID                string          `xml:"ID,attr"`
	IDRef             string          `xml:"IDRef,attr"`
	Control           *xmlControl     `xml:"controlMode"`
	Rules             *xmlRules       `xml:"sequencingRules"`
	Limits            *xmlLimits      `xml:"limitConditions"`
	Rollup            *xmlRollup      `xml:"rollupRules"`
	Objectives        *xmlObjectives  `xml:"http://www.imsglobal.org/xsd/imsss objectives"`
	ExtendedObjective []xmlObjective  `xml:"http://www.adlnet.org/xsd/adlseq_v1p3 objectives>objective"`
	Randomization     *xmlRandom      `xml:"randomizationControls"`
	Delivery          *xmlDelivery    `xml:"deliveryControls"`
	Constrained       *xmlConstrained `xml:"constrainedChoiceConsiderations"`
	Considerations    *xmlConsider    `xml:"rollupConsiderations"`
}

type xmlControl struct {
	Choice      string `xml:"choice,attr"`
	ChoiceExit  string `xml:"choiceExit,attr"`
	Flow        string `xml:"flow,attr"`
	ForwardOnly string `xml:"forwardOnly,attr"`
	Objective   string `xml:"useCurrentAttemptObjectiveInfo,attr"`
	Progress    string `xml:"useCurrentAttemptProgressInfo,attr"`
}

type xmlRules struct {
	Pre  []xmlRule `xml:"preConditionRule"`
	Exit []xmlRule `xml:"exitConditionRule"`
	Post []xmlRule `xml:"postConditionRule"`
}

type xmlRule struct {
	Conditions struct {
		Combination string         `xml:"conditionCombination,attr"`
		List        []xmlCondition `xml:"ruleCondition"`
	} `xml:"ruleConditions"`
	Action struct {
		Action string `xml:"action,attr"`
	} `xml:"ruleAction"`
}

type xmlCondition struct {
	Objective string `xml:"referencedObjective,attr"`
	Threshold string `xml:"measureThreshold,attr"`
	Operator  string `xml:"operator,attr"`
	Condition string `xml:"condition,attr"`
}

type xmlLimits struct {
	Attempts string `xml:"attemptLimit,attr"`
	Duration string `xml:"attemptAbsoluteDurationLimit,attr"`
}

type xmlRollup struct {
	Satisfied  string          `xml:"rollupObjectiveSatisfied,attr"`
	Completion string          `xml:"rollupProgressCompletion,attr"`
	Weight     string          `xml:"objectiveMeasureWeight,attr"`
	Rules      []xmlRollupRule `xml:"rollupRule"`
}

type xmlRollupRule struct {
	Children   string `xml:"childActivitySet,attr"`
	Count      string `xml:"minimumCount,attr"`
	Percent    string `xml:"minimumPercent,attr"`
	Conditions struct {
		Combination string         `xml:"conditionCombination,attr"`
		List        []xmlCondition `xml:"rollupCondition"`
	} `xml:"rollupConditions"`
	Action struct {
		Action string `xml:"action,attr"`
	} `xml:"rollupAction"`
}

type xmlObjectives struct {
	Primary *xmlObjective  `xml:"primaryObjective"`
	Others  []xmlObjective `xml:"objective"`
}

type xmlObjective struct {
	ID        string   `xml:"objectiveID,attr"`
	ByMeasure string   `xml:"satisfiedByMeasure,attr"`
	Minimum   *string  `xml:"minNormalizedMeasure"`
	Maps      []xmlMap `xml:"mapInfo"`
}

type xmlMap struct {
	Target          string `xml:"targetObjectiveID,attr"`
	ReadSatisfied   string `xml:"readSatisfiedStatus,attr"`
	ReadMeasure     string `xml:"readNormalizedMeasure,attr"`
	WriteSatisfied  string `xml:"writeSatisfiedStatus,attr"`
	WriteMeasure    string `xml:"writeNormalizedMeasure,attr"`
	ReadRaw         string `xml:"readRawScore,attr"`
	WriteRaw        string `xml:"writeRawScore,attr"`
	ReadMin         string `xml:"readMinScore,attr"`
	WriteMin        string `xml:"writeMinScore,attr"`
	ReadMax         string `xml:"readMaxScore,attr"`
	WriteMax        string `xml:"writeMaxScore,attr"`
	ReadCompletion  string `xml:"readCompletionStatus,attr"`
	WriteCompletion string `xml:"writeCompletionStatus,attr"`
	ReadProgress    string `xml:"readProgressMeasure,attr"`
	WriteProgress   string `xml:"writeProgressMeasure,attr"`
}

type xmlRandom struct {
	RandomTiming string `xml:"randomizationTiming,attr"`
	Select       string `xml:"selectCount,attr"`
	Reorder      string `xml:"reorderChildren,attr"`
	Timing       string `xml:"selectionTiming,attr"`
}

type xmlDelivery struct {
	Tracked    string `xml:"tracked,attr"`
	Completion string `xml:"completionSetByContent,attr"`
	Objective  string `xml:"objectiveSetByContent,attr"`
}

type xmlConstrained struct {
	Prevent   string `xml:"preventActivation,attr"`
	Constrain string `xml:"constrainChoice,attr"`
}

type xmlConsider struct {
	Satisfied    string `xml:"requiredForSatisfied,attr"`
	NotSatisfied string `xml:"requiredForNotSatisfied,attr"`
	Completed    string `xml:"requiredForCompleted,attr"`
	Incomplete   string `xml:"requiredForIncomplete,attr"`
	Measure      string `xml:"measureSatisfactionIfActive,attr"`
}

type xmlCompletion struct {
	Text      string `xml:",chardata"`
	ByMeasure string `xml:"completedByMeasure,attr"`
	Minimum   string `xml:"minProgressMeasure,attr"`
	Weight    string `xml:"progressWeight,attr"`
}

type xmlSharedMap struct {
	Target string `xml:"targetID,attr"`
	Read   string `xml:"readSharedData,attr"`
	Write  string `xml:"writeSharedData,attr"`
}

// settings gives the sequencing of one activity; a definition that refers to a shared one takes from there what it does not say itself.
func (b *builder) settings(own *xmlSequencing, completion *xmlCompletion, hide []string, shared []xmlSharedMap) map[string]any {
	out := map[string]any{}
	if own != nil {
		for _, c := range b.doc.Collections {
			if own.IDRef != "" && c.ID == own.IDRef {
				c.into(out)
			}
		}
		own.into(out)
	}
	if completion != nil {
		set := texts("completedByMeasure", completion.ByMeasure)
		if text := strings.TrimSpace(completion.Text); text != "" { // as the second and third edition wrote it
			set["completedByMeasure"] = true
			number(set, "minProgressMeasure", text)
		}
		number(set, "minProgressMeasure", completion.Minimum)
		number(set, "progressWeight", completion.Weight)
		put(out, "completionThreshold", set)
	}
	if len(hide) > 0 {
		list := []string{}
		for _, h := range hide {
			list = append(list, clean(h))
		}
		out["hideLmsUi"] = list
	}
	maps2 := []map[string]any{}
	for _, s := range shared {
		set := texts("readSharedData", s.Read, "writeSharedData", s.Write)
		set["targetID"] = clean(s.Target)
		maps2 = append(maps2, set)
	}
	if len(maps2) > 0 {
		out["sharedDataMaps"] = maps2
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func (s *xmlSequencing) into(out map[string]any) {
	controls, _ := out["sequencingControls"].(map[string]any)
	if controls == nil {
		controls = map[string]any{}
	}
	if c := s.Control; c != nil {
		maps.Copy(controls, texts("choice", c.Choice, "choiceExit", c.ChoiceExit, "flow", c.Flow, "forwardOnly", c.ForwardOnly,
			"useCurrentAttemptObjectiveInfo", c.Objective, "useCurrentAttemptProgressInfo", c.Progress))
	}
	if c := s.Constrained; c != nil {
		maps.Copy(controls, texts("preventActivation", c.Prevent, "constrainChoice", c.Constrain))
	}
	if r := s.Randomization; r != nil {
		maps.Copy(controls, texts("reorderChildren", r.Reorder, "randomizeChildren", r.Reorder))
		word(controls, "randomizationTiming", r.RandomTiming)
		word(controls, "selectionTiming", r.Timing)
		number(controls, "selectCount", r.Select)
	}
	if r := s.Rollup; r != nil {
		maps.Copy(controls, texts("rollupObjectiveSatisfied", r.Satisfied, "rollupProgressCompletion", r.Completion))
		number(controls, "objectiveMeasureWeight", r.Weight)
		rules := []map[string]any{}
		for _, rule := range r.Rules {
			rules = append(rules, rule.settings())
		}
		if len(rules) > 0 {
			out["rollupRules"] = map[string]any{"rules": rules}
		}
	}
	put(out, "sequencingControls", controls)
	if d := s.Delivery; d != nil {
		put(out, "deliveryControls", texts("tracked", d.Tracked, "completionSetByContent", d.Completion, "objectiveSetByContent", d.Objective))
	}
	if l := s.Limits; l != nil {
		number(out, "attemptLimit", l.Attempts)
		word(out, "attemptAbsoluteDurationLimit", l.Duration)
	}
	if r := s.Rules; r != nil {
		set := map[string]any{}
		for name, list := range map[string][]xmlRule{"preConditionRules": r.Pre, "exitConditionRules": r.Exit, "postConditionRules": r.Post} {
			rules := []map[string]any{}
			for _, rule := range list {
				rules = append(rules, rule.settings())
			}
			if len(rules) > 0 {
				set[name] = rules
			}
		}
		put(out, "sequencingRules", set)
	}
	if c := s.Considerations; c != nil {
		set := texts("measureSatisfactionIfActive", c.Measure)
		word(set, "requiredForSatisfied", c.Satisfied)
		word(set, "requiredForNotSatisfied", c.NotSatisfied)
		word(set, "requiredForCompleted", c.Completed)
		word(set, "requiredForIncomplete", c.Incomplete)
		put(out, "rollupConsiderations", set)
	}
	s.objectives(out)
}

func (s *xmlSequencing) objectives(out map[string]any) {
	if s.Objectives == nil {
		return
	}
	extended := map[string][]xmlMap{}
	for _, o := range s.ExtendedObjective {
		extended[o.ID] = o.Maps
	}
	if p := s.Objectives.Primary; p != nil {
		set := p.settings(extended[p.ID])
		set["isPrimary"] = true
		out["primaryObjective"] = set
	}
	list := []map[string]any{}
	for _, o := range s.Objectives.Others {
		list = append(list, o.settings(extended[o.ID]))
	}
	if len(list) > 0 {
		out["objectives"] = list
	}
}

func (o xmlObjective) settings(extended []xmlMap) map[string]any {
	set := texts("satisfiedByMeasure", o.ByMeasure)
	set["objectiveID"] = clean(o.ID)
	if o.Minimum != nil {
		number(set, "minNormalizedMeasure", *o.Minimum)
	}
	order, byTarget := []string{}, map[string]map[string]any{}
	for _, m := range append(append([]xmlMap{}, o.Maps...), extended...) {
		target := clean(m.Target)
		if byTarget[target] == nil {
			order, byTarget[target] = append(order, target), map[string]any{"targetObjectiveID": target}
		}
		maps.Copy(byTarget[target], texts("readSatisfiedStatus", m.ReadSatisfied, "readNormalizedMeasure", m.ReadMeasure, "writeSatisfiedStatus", m.WriteSatisfied,
			"writeNormalizedMeasure", m.WriteMeasure, "readRawScore", m.ReadRaw, "writeRawScore", m.WriteRaw, "readMinScore", m.ReadMin, "writeMinScore", m.WriteMin,
			"readMaxScore", m.ReadMax, "writeMaxScore", m.WriteMax, "readCompletionStatus", m.ReadCompletion, "writeCompletionStatus", m.WriteCompletion,
			"readProgressMeasure", m.ReadProgress, "writeProgressMeasure", m.WriteProgress))
	}
	list := []map[string]any{}
	for _, target := range order {
		list = append(list, byTarget[target])
	}
	if len(list) > 0 {
		set["mapInfo"] = list
	}
	return set
}

func (r xmlRule) settings() map[string]any {
	set := map[string]any{"conditions": conditions(r.Conditions.List)}
	word(set, "action", r.Action.Action)
	if set["action"] == "hiddenFromChoice" || set["action"] == "hideFromChoice" {
		set["action"] = "hiddenFromChoice"
	}
	set["conditionCombination"] = "all"
	word(set, "conditionCombination", r.Conditions.Combination)
	return set
}

func (r xmlRollupRule) settings() map[string]any {
	set := map[string]any{"conditions": conditions(r.Conditions.List), "consideration": "all", "conditionCombination": "any"}
	word(set, "action", r.Action.Action)
	word(set, "consideration", r.Children)
	word(set, "conditionCombination", r.Conditions.Combination)
	number(set, "minimumCount", r.Count)
	number(set, "minimumPercent", r.Percent)
	return set
}

func conditions(list []xmlCondition) []map[string]any {
	out := []map[string]any{}
	for _, c := range list {
		set := map[string]any{}
		word(set, "condition", c.Condition)
		if c.Operator == "not" {
			set["operator"] = "not"
		}
		word(set, "referencedObjective", c.Objective)
		if c.Threshold != "" {
			parameters := map[string]any{}
			number(parameters, "threshold", c.Threshold)
			put(set, "parameters", parameters)
		}
		out = append(out, set)
	}
	return out
}

// texts makes truth values of pairs of name and text, leaving out what is absent or neither true nor false.
func texts(pairs ...string) map[string]any {
	out := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if v, err := strconv.ParseBool(strings.TrimSpace(pairs[i+1])); err == nil {
			out[pairs[i]] = v
		}
	}
	return out
}

func word(out map[string]any, name, value string) {
	if value = clean(value); value != "" {
		out[name] = value
	}
}

func number(out map[string]any, name, value string) {
	if v, err := strconv.ParseFloat(strings.TrimSpace(value), 64); err == nil && v > -1e9 && v < 1e9 {
		out[name] = v
	}
}

func put(out map[string]any, name string, set map[string]any) {
	if len(set) > 0 {
		out[name] = set
	}
}
