using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;
using Kennel.Objects.Tables;

namespace Kennel.Objects.Tests.Tables;

/// <summary>
/// Rows as data: <c>rows.json</c> says for an object (of the name x, made 66 seconds ago) the columns and the cells. A column begins with + when it is
/// wide, and ends in its type when that isn't string. Cells have JSON types: integers are numbers.
/// </summary>
public sealed class RowTests
{
    static readonly JsonNode s_file = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Tables", "rows.json")))!;

    public static IEnumerable<object[]> All() => s_file["cases"]!.AsArray().Select(c => new object[] { c!["name"]!.GetValue<string>() });

    [Theory, MemberData(nameof(All)), Trait("Behaviour", "SS-1002")]
    public void An_object_is_a_row(string name)
    {
        var c = s_file["cases"]!.AsArray().Single(c => c!["name"]!.GetValue<string>() == name)!;
        var o = c["object"]!.DeepClone().AsObject();
        if (o["metadata"] is not JsonObject metadata) o["metadata"] = metadata = [];
        metadata["name"] = "x";
        metadata["creationTimestamp"] = "2026-01-01T00:00:00Z";
        var type = Catalog.BuiltIn.Find(c["group"]!.GetValue<string>(), "v1", c["plural"]!.GetValue<string>()).ShouldNotBeNull();
        var table = Table(type, o.ToJsonString());
        table["columnDefinitions"]!.AsArray().Select(Shown).ShouldBe(c["columns"]!.AsArray().Select(n => n!.GetValue<string>()));
        table["rows"]![0]!["cells"]!.ToJsonString(s_plain).ShouldBe(c["cells"]!.ToJsonString(s_plain));
    }

    [Theory, Trait("Behaviour", "SS-1006")]
    [InlineData("Succeeded", """[{"type":"Completed","status":"True","reason":"Succeeded","message":"The pod has completed successfully."}]""")]
    [InlineData("Failed", """[{"type":"Completed","status":"True","reason":"Failed","message":"The pod failed."}]""")]
    [InlineData("Running", null)]
    public void The_row_of_a_finished_pod_says_so(string phase, string? conditions)
    {
        var table = Table(Catalog.BuiltIn.Find("", "v1", "pods")!, $$$"""{"metadata":{"name":"x"},"status":{"phase":"{{{phase}}}"}}""");
        table["rows"]![0]!["conditions"]?.ToJsonString(s_plain).ShouldBe(conditions);
        if (conditions is null) table["rows"]![0]!.AsObject().ContainsKey("conditions").ShouldBeFalse();
    }

    [Fact, Trait("Behaviour", "SS-1004")]
    public void The_name_is_marked_as_the_name()
    {
        foreach (var type in Catalog.BuiltIn.All)
        {
            var columns = Table(type, """{"metadata":{"name":"x"}}""")["columnDefinitions"]!.AsArray();
            columns.Count(c => c!["format"]!.GetValue<string>() == "name").ShouldBe(1, type.ToString());
            columns.Single(c => c!["name"]!.GetValue<string>() == "Name")!["format"]!.GetValue<string>().ShouldBe("name", type.ToString());
        }
    }

    static readonly JsonSerializerOptions s_plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static string Shown(JsonNode? column)
    {
        var type = column!["type"]!.GetValue<string>();
        return $"{(column["priority"]!.GetValue<int>() > 0 ? "+" : "")}{column["name"]!.GetValue<string>()}{(type == "string" ? "" : ":" + type)}";
    }

    static JsonNode Table(ResourceType type, string json)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            var table = new TableWriter(writer, type, Wire.Time(s_file["now"]!.GetValue<string>()), IncludeObject.None);
            table.Start();
            table.Row(Encoding.UTF8.GetBytes(json));
            table.End();
        }
        return JsonNode.Parse(buffer.WrittenSpan)!;
    }
}
