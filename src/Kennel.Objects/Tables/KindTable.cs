using System.Text.Json;

namespace Kennel.Objects.Tables;

/// <param name="Wide">Shown with <c>-o wide</c> only.</param>
/// <param name="Type">string, integer, number, boolean or date.</param>
public sealed record Column(string Name, bool Wide = false, string Type = "string", string Format = "", string Description = "")
{
    public static readonly Column Named = new("Name", Format: "name", Description: "Name of the object, unique among its kind within its namespace.");
    public static readonly Column Age = new("Age", Description: "Time since the object was created.");
    public static readonly Column Containers = new("Containers", Wide: true, Description: "Names of the containers in the template.");
    public static readonly Column Images = new("Images", Wide: true, Description: "Images that the containers run.");
    public static readonly Column Selector = new("Selector", Wide: true, Description: "Labels of the pods that belong to it.");
}

/// <summary>How <c>kubectl get</c> shows a kind: its columns and the cells of one object.</summary>
public sealed record KindTable(IReadOnlyList<Column> Columns, Action<View, Cells> Fill);

/// <summary>Writes the cells of one row, in the order of the columns.</summary>
public readonly struct Cells(Utf8JsonWriter writer, DateTimeOffset now)
{
    public DateTimeOffset Now { get; } = now;

    public void Add(string text) => writer.WriteStringValue(text);

    public void Add(long number) => writer.WriteNumberValue(number);

    public void Add(bool value) => writer.WriteBooleanValue(value);

    public void Name(View o) => Add(o["metadata"]["name"].Text);

    /// <summary>How long ago the object was created.</summary>
    public void Age(View o) => Ago(o["metadata"]["creationTimestamp"].Time);

    public void Ago(DateTimeOffset? time) => Add(Durations.Ago(time, Now));

    public void ContainersAndImages(View template)
    {
        var containers = template["spec"]["containers"];
        Add(string.Join(",", containers.Items.Select(c => c["name"].Text)));
        Add(string.Join(",", containers.Items.Select(c => c["image"].Text)));
    }
}
