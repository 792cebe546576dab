using Kennel.Objects.Refusals;

namespace Kennel.Objects.Applying;

/// <summary>Fields that an apply would change and others own, as upstream's 409.</summary>
sealed class ApplyConflict
{
    readonly List<(ManagerEntry Manager, FieldSet Fields)> _found = [];

    public bool Any => _found.Count > 0;

    public FieldSet Fields
    {
        get
        {
            var all = FieldSet.Empty;
            foreach (var (_, fields) in _found) all = all.Union(fields);
            return all;
        }
    }

    public static ApplyConflict Of(IEnumerable<ManagerEntry> others, FieldSet changed, FieldSet allowed)
    {
        var conflict = new ApplyConflict();
        foreach (var other in others)
            if (other.Fields.Intersection(changed).Difference(allowed) is { IsEmpty: false } fields) conflict._found.Add((other, fields));
        conflict._found.Sort((a, b) => string.CompareOrdinal(a.Manager.ToString(), b.Manager.ToString()));
        return conflict;
    }

    public Refusal Refusal()
    {
        var causes = new List<FieldError>();
        var lines = new List<string>();
        foreach (var (manager, fields) in _found)
        {
            lines.Add($"conflicts with {manager}:");
            foreach (var path in fields.Paths())
            {
                lines.Add($"- {path}");
                causes.Add(new FieldError("FieldManagerConflict", path, $"conflict with {manager}"));
            }
        }
        var message = causes.Count == 1
            ? $"Apply failed with 1 conflict: {causes[0].Message}: {causes[0].Path}"
            : $"Apply failed with {causes.Count} conflicts: {string.Join('\n', lines)}";
        return new Refusal(409, "Conflict", message) { Causes = causes };
    }
}
