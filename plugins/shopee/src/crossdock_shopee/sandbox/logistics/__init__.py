"""Logistics: arranging shipments, carriers, tracking, waybills."""
