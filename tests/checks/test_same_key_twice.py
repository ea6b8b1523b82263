from milepost.errors import describe


def test_two_values_for_one_key_are_an_error_that_names_both_with_their_rows(faults):
    found = faults(
        """
        Year,Units,Sex,Age,Value
        2015,%,female,0-4,0.36
        2015,%,male,0-4,0.40
        2015,%,female,0-4,14.72
        """
    )
    (conflict,) = found["conflicting-values"]
    assert conflict.details["values"] == "0.36 (row 2), 14.72 (row 4)"
    assert conflict.details["key"] == "Year 2015, Units %, Sex female, Age 0-4"
    assert conflict.details["rows"] == [2, 4]
    assert "0.36 (row 2), 14.72 (row 4)" in describe(conflict)


def test_each_key_is_a_conflict_of_its_own(faults):
    found = faults(
        """
        Year,Value
        2015,1
        2016,1
        2015,2
        2016,2
        2016,3
        """
    )
    assert [problem.details["count"] for problem in found["conflicting-values"]] == [2, 3]


def test_the_same_number_written_differently_is_a_repeat_not_a_conflict(faults):
    found = faults(
        """
        Year,Value
        2015,1.50
        2015,1.5
        2015,1.5
        """
    )
    assert "conflicting-values" not in found
    (repeats,) = found["repeated-rows"]
    assert (repeats.details["count"], repeats.details["rows"]) == (2, [3, 4])


def test_comments_statuses_and_stray_columns_do_not_tell_two_values_apart(faults):
    found = faults(
        """
        time_period,sex,obs_value,obs_status,comment_obs,Unnamed: 5
        2015,F,1,A,survey,0
        2015,F,2,E,census,1
        """
    )
    assert len(found["conflicting-values"]) == 1


def test_the_unit_does_tell_two_values_apart(faults):
    found = faults(
        """
        Year,Units,Value
        2015,percent,5
        2015,number,700
        2016,percent,6
        2016,number,710
        """
    )
    assert found == {}


def test_a_placeholder_beside_a_value_is_no_conflict_but_a_reason_beside_a_value_is(faults):
    placeholder = faults(
        """
        Year,OBS_STATUS,Value
        2015,,
        2015,A,5
        """
    )
    assert set(placeholder) == {"placeholder-rows"}
    suppressed = faults(
        """
        Year,OBS_STATUS,Value
        2015,Q,
        2015,A,5
        """
    )
    assert suppressed["conflicting-values"][0].details["values"] == "no value, status Q (row 2), 5 (row 3)"


# Two units in one series


def test_a_series_that_goes_over_to_another_unit_is_a_warning(faults):
    found = faults(
        """
        Year,Units,Sex,Value
        2015,thousand persons,F,5
        2016,persons,F,5100
        2015,thousand persons,M,5
        2016,thousand persons,M,6
        """
    )
    (units,) = found["two-units"]
    assert units.details["units"] == "thousand persons (row 2), persons (row 3)"
    assert units.details["series"] == 1


def test_in_sdmx_one_series_has_one_unit(faults):
    found = faults(
        """
        series,sex,time_period,obs_value,unit_measure
        SL_X,F,2015,5,PT
        SL_X,M,2015,700,NUMBER
        SL_Y,M,2015,700,NUMBER
        """
    )
    (units,) = found["two-units"]
    assert units.details["name"] == "SL_X"
    assert units.details["units"] == "PT (row 2), NUMBER (row 3)"
