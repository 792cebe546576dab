namespace Kennel.Objects.Tables.Kinds;

/// <summary>Events of both groups: the core one says <c>involvedObject</c>, the newer one <c>regarding</c>.</summary>
static class EventTable
{
    public static readonly KindTable Table = new(
    [
        new("Last Seen"), new("Type"), new("Reason"), new("Object"), new("Subobject", Wide: true), new("Source", Wide: true), new("Message"),
        new("First Seen", Wide: true), new("Count", Wide: true), new("Name", Wide: true, Format: "name"),
    ], Fill);

    static void Fill(View e, Cells cells)
    {
        var about = e["involvedObject"].Exists ? e["involvedObject"] : e["regarding"];
        var first = e["firstTimestamp"].Time ?? e["deprecatedFirstTimestamp"].Time ?? e["eventTime"].Time;
        var last = e["series"]["lastObservedTime"].Time ?? e["lastTimestamp"].Time ?? e["deprecatedLastTimestamp"].Time ?? first;
        cells.Ago(last);
        cells.Add(e["type"].Text);
        cells.Add(e["reason"].Text);
        cells.Add(about["name"].Text.Length == 0 ? about["kind"].Text.ToLowerInvariant() : $"{about["kind"].Text.ToLowerInvariant()}/{about["name"].Text}");
        cells.Add(about["fieldPath"].Text);
        cells.Add(Source(e));
        cells.Add((e["message"].Exists ? e["message"] : e["note"]).Text.Trim());
        cells.Ago(first);
        cells.Add(Math.Max(1, e["series"]["count"].Exists ? e["series"]["count"].Number : e["count"].Exists ? e["count"].Number : e["deprecatedCount"].Number));
        cells.Name(e);
    }

    static string Source(View e)
    {
        var source = e["source"].Exists ? e["source"] : e["deprecatedSource"];
        var component = source["component"].TextOr(e["reportingComponent"].TextOr(e["reportingController"].Text));
        var host = source["host"].TextOr(e["reportingInstance"].Text);
        return host.Length == 0 || host == component ? component : $"{component}, {host}";
    }
}
