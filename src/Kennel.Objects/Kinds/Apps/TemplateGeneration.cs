using System.Globalization;
using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Apps;

/// <summary>The annotation that counts the templates a DaemonSet has had: of before there were revisions, and kept up for those who read it.</summary>
static class TemplateGeneration
{
    const string Annotation = "deprecated.daemonset.template.generation";

    public static void Begin(JsonObject o) => Write(o, Math.Max(1, Read(o)));

    /// <summary>One more when the template has changed; users have no say in it.</summary>
    public static void Follow(JsonObject o, JsonObject old)
    {
        if (!old.Obj("metadata").Obj("annotations").Has(Annotation)) return;
        Write(o, Read(old) + (Same.Values(o.Obj("spec").Node("template"), old.Obj("spec").Node("template")) ? 0 : 1));
    }

    static long Read(JsonObject o) =>
        long.TryParse(o.Obj("metadata").Obj("annotations").Text(Annotation), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;

    static void Write(JsonObject o, long number) => o.Make("metadata").Make("annotations")[Annotation] = number.ToString(CultureInfo.InvariantCulture);
}
