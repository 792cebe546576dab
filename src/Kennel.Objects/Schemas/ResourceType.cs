namespace Kennel.Objects.Schemas;

/// <summary>A kind as the API serves it: its names, what may be done with it, and its schema.</summary>
public sealed record ResourceType(
    string Group,
    string Version,
    string Plural,
    string Singular,
    string Kind,
    bool Namespaced,
    IReadOnlyList<string> ShortNames,
    IReadOnlyList<string> Categories,
    IReadOnlyList<string> Verbs,
    IReadOnlyList<Subresource> Subresources,
    Schema Schema)
{
    public ResourceId Id { get; } = new(Group, Version, Plural, Kind, Namespaced);

    public string ApiVersion => Id.ApiVersion;

    /// <summary>How messages name it: <c>statefulsets.apps</c>, <c>pods</c>.</summary>
    public string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    public Subresource? Find(string subresource) => Subresources.FirstOrDefault(s => s.Name == subresource);

    public override string ToString() => Id.ToString();
}

/// <param name="Kind">The kind that is sent and answered; group and version are empty when they are the parent's.</param>
public sealed record Subresource(string Name, string Group, string Version, string Kind, IReadOnlyList<string> Verbs);
