namespace Kennel.Objects.Schemas;

/// <summary>Kinds that are on their way out, and what is said to whoever asks for them.</summary>
public static class Deprecations
{
    /// <summary>The text of a <c>Warning</c> header, in upstream's words; null for all other kinds.</summary>
    public static string? Of(ResourceType type) => (type.ApiVersion, type.Kind) switch
    {
        ("v1", "Endpoints") => "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
        ("v1", "ComponentStatus") => "v1 ComponentStatus is deprecated in v1.19+",
        _ => null,
    };
}
