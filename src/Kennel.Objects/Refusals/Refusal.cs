using System.Text.Json;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Refusals;

/// <summary>An expected refusal as a value; the server turns it into a <c>Status</c>.</summary>
/// <param name="Code">HTTP status code.</param>
/// <param name="Reason">Upstream's machine-readable word: NotFound, AlreadyExists, Conflict, Invalid, BadRequest …</param>
public sealed record Refusal(int Code, string Reason, string Message)
{
    public string? Group { get; init; }

    /// <summary>In details: the kind for Invalid, the plural for most others.</summary>
    public string? Kind { get; init; }

    public string? Name { get; init; }

    public string? Uid { get; init; }

    public int? RetryAfterSeconds { get; init; }

    public IReadOnlyList<FieldError> Causes { get; init; } = [];

    /// <summary>For a paged list whose snapshot is gone: the token to go on with, at the cost of consistency.</summary>
    public string? Continue { get; init; }

    /// <summary>Says nothing of an object, but has details all the same: of paths and methods that aren't there.</summary>
    public bool Generic { get; init; }

    public static Refusal NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.QualifiedName} \"{name}\" not found") { Group = type.Group, Kind = type.Plural, Name = name };

    public static Refusal NoSuchPath() => new(404, "NotFound", "the server could not find the requested resource") { Generic = true };

    public static Refusal AlreadyExists(ResourceType type, string name) =>
        new(409, "AlreadyExists", $"{type.QualifiedName} \"{name}\" already exists") { Group = type.Group, Kind = type.Plural, Name = name };

    public static Refusal Conflict(ResourceType type, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {type.QualifiedName} \"{name}\": {why}") { Group = type.Group, Kind = type.Plural, Name = name };

    public static Refusal Stale(ResourceType type, string name) =>
        Conflict(type, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static Refusal Invalid(ResourceType type, string name, IReadOnlyList<FieldError> causes) =>
        new(422, "Invalid", $"{type.Kind}{(type.Group.Length == 0 ? "" : "." + type.Group)} \"{name}\" is invalid: {Joined(causes)}") { Group = type.Group, Kind = type.Kind, Name = name, Causes = causes };

    public static Refusal BadRequest(string message) => new(400, "BadRequest", message);

    public static Refusal Forbidden(ResourceType type, string name, string why) =>
        new(403, "Forbidden", $"{type.QualifiedName} \"{name}\" is forbidden: {why}") { Group = type.Group, Kind = type.Plural, Name = name };

    public static Refusal Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static Refusal MethodNotAllowed() => new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource") { Generic = true };

    public static Refusal UnsupportedMediaType(string message) => new(415, "UnsupportedMediaType", message);

    public static Refusal NotAcceptable(string message) => new(406, "NotAcceptable", message);

    public static Refusal Expired(string message) => new(410, "Expired", message);

    public static Refusal TooLarge(string message) => new(413, "RequestEntityTooLarge", message);

    public static Refusal Unavailable(string message) => new(503, "ServiceUnavailable", message);

    public static Refusal Internal(string message) => new(500, "InternalError", $"Internal error occurred: {message}");

    /// <summary>What is said twice is joined once.</summary>
    static string Joined(IReadOnlyList<FieldError> causes)
    {
        var said = causes.Select(c => c.ToString()).Distinct().ToList();
        return said.Count == 1 ? said[0] : $"[{string.Join(", ", said)}]";
    }

    /// <summary>Writes it as a <c>Status</c> object.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "Status"u8);
        writer.WriteString("apiVersion"u8, "v1"u8);
        writer.WriteStartObject("metadata"u8);
        if (Continue is not null) writer.WriteString("continue"u8, Continue);
        writer.WriteEndObject();
        writer.WriteString("status"u8, "Failure"u8);
        writer.WriteString("message"u8, Message);
        if (Reason.Length > 0) writer.WriteString("reason"u8, Reason);
        WriteDetails(writer);
        writer.WriteNumber("code"u8, Code);
        writer.WriteEndObject();
    }

    void WriteDetails(Utf8JsonWriter writer)
    {
        if (Name is null && Kind is null && Causes.Count == 0 && RetryAfterSeconds is null && !Generic) return;
        writer.WriteStartObject("details"u8);
        if (!string.IsNullOrEmpty(Name)) writer.WriteString("name"u8, Name);
        if (!string.IsNullOrEmpty(Group)) writer.WriteString("group"u8, Group);
        if (Kind is not null) writer.WriteString("kind"u8, Kind);
        if (Uid is not null) writer.WriteString("uid"u8, Uid);
        if (Causes.Count > 0)
        {
            writer.WriteStartArray("causes"u8);
            foreach (var cause in Causes)
            {
                writer.WriteStartObject();
                writer.WriteString("reason"u8, cause.Reason);
                writer.WriteString("message"u8, cause.Message);
                if (cause.Path.Length > 0) writer.WriteString("field"u8, cause.Path);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        if (RetryAfterSeconds is { } seconds) writer.WriteNumber("retryAfterSeconds"u8, seconds);
        writer.WriteEndObject();
    }
}
