using System.Buffers;
using System.Text.Json;
using Kennel.Objects;

namespace Kennel.Server.Auditing;

/// <summary>One line of the audit log: an Event of audit.k8s.io/v1 at level Metadata. Bodies are never in it.</summary>
static class AuditEvent
{
    /// <param name="status">What was answered; null when a stream was begun.</param>
    public static byte[] Write(ApiRequest request, AuditTrail trail, int? status, string? name, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Json.Writing))
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, "Event"u8);
            writer.WriteString("apiVersion"u8, "audit.k8s.io/v1"u8);
            writer.WriteString("level"u8, "Metadata"u8);
            writer.WriteString("auditID"u8, request.Id);
            writer.WriteString("stage"u8, status is null ? "ResponseStarted"u8 : "ResponseComplete"u8);
            writer.WriteString("requestURI"u8, request.Query.Length > 0 ? $"{request.Path}?{request.Query}" : request.Path);
            writer.WriteString("verb"u8, trail.Route?.Verb ?? request.Method.ToLowerInvariant());
            Write(writer, "user", request.User);
            if (trail.As is { } other) Write(writer, "impersonatedUser", other);
            if (request.Source is { } source)
            {
                writer.WriteStartArray("sourceIPs"u8);
                writer.WriteStringValue(source);
                writer.WriteEndArray();
            }
            if (request.UserAgent is { } agent) writer.WriteString("userAgent"u8, agent);
            if (trail.Route is { } route) Write(writer, route, name);
            writer.WriteStartObject("responseStatus"u8);
            writer.WriteStartObject("metadata"u8);
            writer.WriteEndObject();
            if (status >= 400) writer.WriteString("status"u8, "Failure"u8);
            writer.WriteNumber("code"u8, status ?? 200);
            writer.WriteEndObject();
            writer.WritePropertyName("requestReceivedTimestamp"u8);
            Wire.WriteMicroTime(writer, trail.Received);
            writer.WritePropertyName("stageTimestamp"u8);
            Wire.WriteMicroTime(writer, now);
            writer.WriteStartObject("annotations"u8);
            writer.WriteString("authorization.k8s.io/decision"u8, trail.Forbidden ? "forbid"u8 : "allow"u8);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    static void Write(Utf8JsonWriter writer, string property, User user)
    {
        writer.WriteStartObject(property);
        writer.WriteString("username"u8, user.Name);
        if (user.Uid.Length > 0) writer.WriteString("uid"u8, user.Uid);
        Write(writer, "groups", user.Groups);
        if (user.Extra.Count > 0)
        {
            writer.WriteStartObject("extra"u8);
            foreach (var (key, values) in user.Extra) Write(writer, key, values);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, Routing.Route route, string? name)
    {
        writer.WriteStartObject("objectRef"u8);
        writer.WriteString("resource"u8, route.Type.Plural);
        if (route.Namespace.Length > 0) writer.WriteString("namespace"u8, route.Namespace);
        if (route.Name.Length > 0 || name is { Length: > 0 }) writer.WriteString("name"u8, route.Name.Length > 0 ? route.Name : name);
        if (route.Type.Group.Length > 0) writer.WriteString("apiGroup"u8, route.Type.Group);
        writer.WriteString("apiVersion"u8, route.Type.Version);
        if (route.Subresource.Length > 0) writer.WriteString("subresource"u8, route.Subresource);
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, string property, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(property);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
